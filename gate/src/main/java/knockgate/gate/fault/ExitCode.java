package knockgate.gate.fault;

/** How a command ends; the help of every command prints this list. */
public enum ExitCode {
  OK(0, "done, or yes"),
  NOT_SO(1, "what was asked about is not so, or was refused"),
  USAGE(2, "the command line is wrong"),
  POLICY(3, "the policy is wrong or cannot be read"),
  KERNEL(4, "the kernel refused, or a permission is missing"),
  CANNOT(5, "something needed is missing: a library, a tool, room to write"),
  INTERNAL(70, "a fault of knockgate itself");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /** The number that the shell sees. */
  public int number() {
    return number;
  }

  /** The meaning in a few words, for the help. */
  public String meaning() {
    return meaning;
  }
}
