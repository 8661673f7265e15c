package knockgate.gate.hooks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A program for hooks, and the lines that its runs have written.
 *
 * @param program the script
 * @param log where it writes
 */
record Script(Path program, Path log) {
  private static final long PATIENCE_NS = 20_000_000_000L;

  /** A shell script in which {@code $log} is the file of the lines. */
  static Script of(Path folder, String... lines) {
    Path program = folder.resolve("hook");
    Path log = folder.resolve("lines");
    try {
      Files.writeString(
          program, "#!/bin/sh\nlog='" + log + "'\n" + String.join("\n", lines) + "\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Script(program, log);
  }

  List<String> lines() {
    try {
      return Files.exists(log) ? Files.readAllLines(log) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines, once there are that many; other processes write them, so this has to wait. */
  List<String> await(int count) {
    await("line " + count, () -> lines().size() >= count);
    return lines();
  }

  static void await(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + PATIENCE_NS;
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + what);
      }
      Thread.onSpinWait();
    }
  }
}
