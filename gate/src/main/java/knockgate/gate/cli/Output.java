package knockgate.gate.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that remembers what went wrong. {@code PrintWriter} keeps no more than "an error
 * happened"; whether the reader went away (as {@code head} does, which is nobody's fault) or the
 * disk is full is told apart here.
 *
 * <p>Used by the thread of the command only.
 */
final class Output extends OutputStream {
  private final OutputStream target;
  private @Nullable IOException failure;

  Output(OutputStream target) {
    this.target = target;
  }

  /** The process's standard output. */
  static Output standard() {
    return new Output(new FileOutputStream(FileDescriptor.out));
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (failure != null) {
      throw failure;
    }
    try {
      target.write(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /** Why output was lost, in the system's words; null when all was written or the reader left. */
  @Nullable String lost() {
    if (failure == null) {
      return null;
    }
    String words = String.valueOf(failure.getMessage());
    return words.contains("Broken pipe") ? null : words;
  }
}
