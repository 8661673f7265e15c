package knockgate.nfq;

import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;

/** The kernel or a library refused: what was tried, the errno, and a sentence with the cure. */
public final class NativeException extends Exception {
  /** What to do about it, for whoever chooses an exit code. */
  public enum Kind {
    /** A capability is missing. */
    PERMISSION,
    /** The queue belongs to another socket. */
    BUSY,
    /** A shared library is not installed. */
    MISSING_LIBRARY,
    /** This kernel or machine cannot do it. */
    UNSUPPORTED,
    /** Anything else; the errno tells. */
    OTHER
  }

  private static final long serialVersionUID = 1;

  private final Kind kind;
  private final String operation;
  private final int errno;
  private final String hint;

  public NativeException(Kind kind, String operation, int errno, String hint) {
    this(kind, operation, errno, hint, null);
  }

  public NativeException(
      Kind kind, String operation, int errno, String hint, @Nullable Throwable cause) {
    super(sentence(operation, errno, hint), cause);
    this.kind = kind;
    this.operation = operation;
    this.errno = errno;
    this.hint = hint;
  }

  /** {@code bind queue 7: EPERM, Operation not permitted (needs CAP_NET_ADMIN)}. */
  private static String sentence(String operation, int errno, String hint) {
    StringBuilder text = new StringBuilder(operation);
    if (errno != 0) {
      text.append(": ").append(name(errno));
    }
    if (!hint.isEmpty()) {
      text.append(" (").append(hint).append(')');
    }
    return text.toString();
  }

  private static String name(int errno) {
    Errno known = Errno.valueOf(errno);
    return known == Errno.__UNKNOWN_CONSTANT__
        ? "errno " + errno
        : known.name() + ", " + known.description();
  }

  /** What kind of obstacle this is. */
  public Kind kind() {
    return kind;
  }

  /** What was tried, such as {@code bind queue 7}. */
  public String operation() {
    return operation;
  }

  /** The errno, or 0 when the kernel was not asked. */
  public int errno() {
    return errno;
  }

  /** The cure, or empty. */
  public String hint() {
    return hint;
  }
}
