package knockgate.gate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.fault.FileTrouble;
import knockgate.gate.firewall.Family;
import knockgate.gate.firewall.FirewallRules;
import knockgate.gate.firewall.KeptRules;
import picocli.CommandLine.Option;

/** A copy of the rules that were applied last, for a start with a wrong policy; a mixin. */
final class LastRules {
  /** In a folder that the unit of the rules has made; where there is none, nothing is kept. */
  private static final String USUAL = "/var/lib/knockgate-rules/last";

  @Option(
      names = "--last",
      paramLabel = "FILE",
      defaultValue = "${KNOCKGATE_LAST_RULES:-" + USUAL + "}",
      description =
          "where a copy of what was applied is kept, if its folder exists (default:"
              + " $$KNOCKGATE_LAST_RULES or ${DEFAULT-VALUE})")
  private Path file = Path.of(USUAL);

  /** Keeps what is in place now; where that cannot be, nothing happens. */
  void keep(FirewallRules rules, Set<Family> families) {
    try {
      OwnerOnly.write(file, KeptRules.text(rules, families) + KeptRules.others(text(), families));
    } catch (IOException e) {
      // the rules are in place; a start with a wrong policy will say that there is no copy
    }
  }

  private String text() throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  /**
   * What was kept.
   *
   * @throws Failure if nothing was, or it is damaged
   */
  KeptRules read() {
    try {
      return KeptRules.parse(Files.readString(file));
    } catch (IOException e) {
      throw cannot(FileTrouble.reason(e), e);
    } catch (IllegalArgumentException e) {
      throw cannot(String.valueOf(e.getMessage()), e);
    }
  }

  private Failure cannot(String why, Exception e) {
    return new Failure(
        ExitCode.CANNOT, "the rules applied last cannot be had from " + file + ": " + why, e);
  }
}
