package knockgate.gate.fault;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Why something could not be done with a file, in words. Java's own exceptions tell the name of the
 * file once more, and the reason, if at all, by the name of their class.
 */
public final class FileTrouble {
  private FileTrouble() {}

  /** The reason, for a sentence that has named the file. */
  public static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return "this user may not";
    }
    if (e instanceof FileSystemException trouble && trouble.getReason() != null) {
      return trouble.getReason();
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
