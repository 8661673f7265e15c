package knockgate.gate;

import knockgate.gate.cli.Root;

/** Where the jar starts. */
public final class Main {
  private Main() {}

  /** Runs one command and ends with its exit code, see {@link ExitCode}. */
  public static void main(String[] args) {
    System.exit(Root.run(args));
  }
}
