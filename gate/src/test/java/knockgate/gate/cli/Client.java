package knockgate.gate.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Runs commands of this process and keeps what they print. */
public final class Client {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Runs one and returns its exit code. */
  public int run(String... words) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Root.commandLine(new PrintWriter(out, true), new PrintWriter(err, true), false)
        .execute(words);
  }

  /** Standard output of the last one. */
  public String out() {
    return out.toString();
  }

  /** Standard error of the last one. */
  public String err() {
    return err.toString();
  }

  /** A file that only its owner may read. */
  public static Path secret(Path folder, String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
