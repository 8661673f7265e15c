package knockgate.gate.cli;

import java.io.PrintWriter;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.fault.Printable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * How a command ends that does not succeed: a sentence on standard error and an {@link ExitCode}.
 *
 * <p>A class and no lambdas: picocli's interfaces are too old for their lambdas to be archived.
 */
final class Endings implements IParameterExceptionHandler, IExecutionExceptionHandler {
  /** Set to anything, it lets an internal error print its stack trace. */
  static final String TRACE_VARIABLE = "KNOCKGATE_TRACE";

  private final PrintWriter err;
  private final boolean traces;

  /**
   * Endings to be told on one stream.
   *
   * @param traces whether stack traces are printed
   */
  Endings(PrintWriter err, boolean traces) {
    this.err = err;
    this.traces = traces;
  }

  /** A command line that cannot be understood: what is wrong, the nearest guess, where help is. */
  @Override
  public int handleParseException(ParameterException e, String[] args) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    err.println(Printable.of(name + ": " + mistake(e)));
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try: " + name + " --help");
    return ExitCode.USAGE.number();
  }

  private static String mistake(ParameterException e) {
    boolean atRoot = e.getCommandLine().getParent() == null;
    if (atRoot
        && e instanceof UnmatchedArgumentException unmatched
        && !unmatched.isUnknownOption()) {
      return "there is no command \"" + unmatched.getUnmatched().get(0) + "\"";
    }
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
      return "more than it takes: " + String.join(" ", unmatched.getUnmatched());
    }
    return sentence(e);
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    return report(e);
  }

  /** A failure's own sentence and code; anything else is a fault of ours. */
  int report(Throwable e) {
    ExitCode exitCode = e instanceof Failure failure ? failure.exitCode() : ExitCode.INTERNAL;
    if (exitCode == ExitCode.INTERNAL) {
      err.println(Printable.of("knockgate: internal error: " + e));
      if (!traces) {
        err.println("Run it again with " + TRACE_VARIABLE + "=1 for the trace, and report it.");
      }
    } else {
      err.println(Printable.of("knockgate: " + sentence(e)));
    }
    if (traces) {
      e.printStackTrace(err);
    }
    return exitCode.number();
  }

  private static String sentence(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }
}
