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
import knockgate.gate.process.HomeNetwork;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * A copy of the rules that were applied last, for a start with a wrong policy; a mixin. The usual
 * file is for the machine's own network namespace: another one has a copy only where it is named.
 */
final class LastRules {
  /** In a folder that the unit of the rules has made; where there is none, nothing is kept. */
  private static final String USUAL = "/var/lib/knockgate-rules/last";

  @Option(
      names = "--last",
      paramLabel = "FILE",
      defaultValue = "${KNOCKGATE_LAST_RULES:-" + USUAL + "}",
      description =
          "where a copy of what was applied is kept, if its folder exists (default:"
              + " $$KNOCKGATE_LAST_RULES or ${DEFAULT-VALUE}, which is for the network namespace of"
              + " process 1 alone)")
  private Path file;

  private final Path usual;
  private final Path proc;

  LastRules() {
    this(Path.of(USUAL), Path.of("/proc"));
  }

  /** Where the usual file and procfs are elsewhere. */
  LastRules(Path usual, Path proc) {
    this.usual = usual;
    this.proc = proc;
    file = usual;
  }

  /**
   * Keeps what is in place now; where there is no folder for it, nothing happens.
   *
   * @return why it could not be kept, and what that means; null = nothing to say
   */
  @Nullable String keep(FirewallRules rules, Set<Family> families) {
    if (isOfAnotherNetwork() || !Files.isDirectory(file.toAbsolutePath().resolveSibling("."))) {
      return null;
    }
    try {
      OwnerOnly.write(file, KeptRules.text(rules, families) + KeptRules.others(text(), families));
      return null;
    } catch (IOException e) {
      return "the rules are in place, but "
          + file
          + " could not be written ("
          + FileTrouble.reason(e)
          + "): a start with a wrong policy finds "
          + (Files.isRegularFile(file) ? "former rules there, not these" : "no rules there");
    }
  }

  private boolean isOfAnotherNetwork() {
    return file.equals(usual) && HomeNetwork.isLeft(proc);
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
   * @throws Failure if nothing was, it is damaged, or it is for another network namespace
   */
  KeptRules read() {
    if (isOfAnotherNetwork()) {
      throw new Failure(
          ExitCode.CANNOT,
          cannot("it is for another network namespace; name this one's by --last"));
    }
    try {
      return KeptRules.parse(Files.readString(file));
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT, cannot(FileTrouble.reason(e)), e);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.CANNOT, cannot(String.valueOf(e.getMessage())), e);
    }
  }

  private String cannot(String why) {
    return "the rules applied last cannot be had from " + file + ": " + why;
  }
}
