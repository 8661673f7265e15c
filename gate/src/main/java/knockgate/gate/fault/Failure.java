package knockgate.gate.fault;

/**
 * The end of a command for a reason that its user can mend. The message is shown as it is, without
 * a stack trace: one sentence that says what is wrong and names the cure.
 */
public final class Failure extends RuntimeException {
  private final ExitCode exitCode;

  /** Ends the command with {@code exitCode}. */
  public Failure(ExitCode exitCode, String sentence) {
    super(sentence);
    this.exitCode = exitCode;
  }

  /** The same, with what lies behind it, which only a trace shows. */
  public Failure(ExitCode exitCode, String sentence, Throwable cause) {
    super(sentence, cause);
    this.exitCode = exitCode;
  }

  /** What the shell is told. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /** The sentence for the user. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
