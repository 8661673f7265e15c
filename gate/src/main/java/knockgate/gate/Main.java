package knockgate.gate;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code knockgate}. */
@Command(name = "knockgate")
public final class Main {
  private Main() {}

  /** Runs one command. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
