package knockgate.gate.cli;

import java.util.Locale;
import knockgate.gate.cli.control.AttemptsCommand;
import knockgate.gate.cli.control.DoorsCommand;
import knockgate.gate.cli.control.EventsCommand;
import knockgate.gate.cli.control.ExtendCommand;
import knockgate.gate.cli.control.GrantCommand;
import knockgate.gate.cli.control.GrantsCommand;
import knockgate.gate.cli.control.ObserveCommand;
import knockgate.gate.cli.control.ReloadCommand;
import knockgate.gate.cli.control.RevokeCommand;
import knockgate.gate.cli.control.StatusCommand;
import knockgate.gate.cli.control.StopCommand;
import knockgate.gate.cli.control.TopCommand;
import knockgate.gate.cli.control.WhyCommand;
import knockgate.gate.cli.knock.KnockCommand;
import knockgate.gate.cli.knock.SequenceCommand;
import knockgate.gate.cli.knock.SpaCommand;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;

/** The commands, in the order of the help. */
enum Subcommand {
  RUN(RunCommand.class),
  CHECK(CheckCommand.class),
  RULES(RulesCommand.class),
  DOCTOR(DoctorCommand.class),
  SELFTEST(SelftestCommand.class),
  KNOCK(KnockCommand.class),
  SPA(SpaCommand.class),
  SEQUENCE(SequenceCommand.class),
  KEYGEN(KeygenCommand.class),
  IMPORT(ImportCommand.class),
  STATUS(StatusCommand.class),
  DOORS(DoorsCommand.class),
  ATTEMPTS(AttemptsCommand.class),
  GRANTS(GrantsCommand.class),
  WHY(WhyCommand.class),
  EVENTS(EventsCommand.class),
  TOP(TopCommand.class),
  GRANT(GrantCommand.class),
  EXTEND(ExtendCommand.class),
  REVOKE(RevokeCommand.class),
  RELOAD(ReloadCommand.class),
  OBSERVE(ObserveCommand.class),
  CONFIRM(ConfirmCommand.class),
  STOP(StopCommand.class),
  GENERATE_COMPLETION(GenerateCompletion.class);

  private final Class<?> type;

  Subcommand(Class<?> type) {
    this.type = type;
  }

  /** The class behind the command. */
  Class<?> type() {
    return type;
  }

  /** The command as it is typed. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The command of that word; null if there is none. */
  static @Nullable Subcommand named(String word) {
    for (Subcommand command : values()) {
      if (command.word().equals(word)) {
        return command;
      }
    }
    return null;
  }
}
