package knockgate.gate.firewall;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.process.Program;
import knockgate.gate.process.Program.Outcome;

/** The tool ipset. */
final class Ipset {
  /** iptables-nft lets go of a set only some milliseconds after its rules are gone. */
  private static final int TRIES = 50;

  private static final long BETWEEN_TRIES_MS = 20;

  private final Program tool;

  /**
   * Finds it.
   *
   * @throws Failure if it is not installed
   */
  Ipset() {
    tool = Program.find("ipset", "ipset");
  }

  /**
   * The names of all sets of this network namespace.
   *
   * @throws Failure if the kernel has no sets, or does not tell
   */
  Set<String> installed() {
    Outcome outcome = tool.run("", "list", "-name");
    if (!outcome.succeeded()) {
      throw refused(outcome);
    }
    return outcome.out().lines().collect(Collectors.toSet());
  }

  /** Does what the text says, line by line, up to the first that is refused. */
  void restore(String text) {
    Outcome outcome = tool.run(text, "restore", "-exist");
    if (!outcome.succeeded()) {
      throw refused(outcome);
    }
  }

  /** Takes sets away, when no rule asks them any more. */
  void destroy(Collection<String> sets) {
    for (String set : sets) {
      Outcome outcome = tool.run("", "destroy", set);
      for (int i = 1; i < TRIES && isInUse(outcome); i++) {
        pause();
        outcome = tool.run("", "destroy", set);
      }
      if (!outcome.succeeded()) {
        throw refused(outcome);
      }
    }
  }

  private static boolean isInUse(Outcome outcome) {
    return !outcome.succeeded() && outcome.err().contains("in use");
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_TRIES_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.CANNOT, "interrupted while waiting for a kernel set", e);
    }
  }

  private static Failure refused(Outcome outcome) {
    String words = outcome.err().strip().replaceAll("\\s*\\R\\s*", "; ");
    return new Failure(ExitCode.KERNEL, words.isEmpty() ? "ipset failed" : words);
  }
}
