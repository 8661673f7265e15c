package knockgate.gate;

import knockgate.gate.cli.Root;
import knockgate.gate.fault.ExitCode;
import knockgate.nfq.NativePart;

/** Where the jar starts. */
public final class Main {
  private Main() {}

  /** Runs one command and ends with its exit code, see {@link ExitCode}. */
  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals("run")) {
      NativePart.loadAhead();
    }
    System.exit(Root.run(args));
  }
}
