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
  RUN,
  CHECK,
  RULES,
  DOCTOR,
  SELFTEST,
  KNOCK,
  SPA,
  SEQUENCE,
  KEYGEN,
  IMPORT,
  STATUS,
  DOORS,
  ATTEMPTS,
  GRANTS,
  WHY,
  EVENTS,
  TOP,
  GRANT,
  EXTEND,
  REVOKE,
  RELOAD,
  OBSERVE,
  CONFIRM,
  STOP,
  GENERATE_COMPLETION;

  /** The class behind the command; no other is loaded. */
  Class<?> type() {
    return switch (this) {
      case RUN -> RunCommand.class;
      case CHECK -> CheckCommand.class;
      case RULES -> RulesCommand.class;
      case DOCTOR -> DoctorCommand.class;
      case SELFTEST -> SelftestCommand.class;
      case KNOCK -> KnockCommand.class;
      case SPA -> SpaCommand.class;
      case SEQUENCE -> SequenceCommand.class;
      case KEYGEN -> KeygenCommand.class;
      case IMPORT -> ImportCommand.class;
      case STATUS -> StatusCommand.class;
      case DOORS -> DoorsCommand.class;
      case ATTEMPTS -> AttemptsCommand.class;
      case GRANTS -> GrantsCommand.class;
      case WHY -> WhyCommand.class;
      case EVENTS -> EventsCommand.class;
      case TOP -> TopCommand.class;
      case GRANT -> GrantCommand.class;
      case EXTEND -> ExtendCommand.class;
      case REVOKE -> RevokeCommand.class;
      case RELOAD -> ReloadCommand.class;
      case OBSERVE -> ObserveCommand.class;
      case CONFIRM -> ConfirmCommand.class;
      case STOP -> StopCommand.class;
      case GENERATE_COMPLETION -> GenerateCompletion.class;
    };
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
