package knockgate.gate.process;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Numbers that nobody can guess, from the kernel (random(4)). {@code SecureRandom} reads the same
 * file, but to find its provider takes 10 ms of a start.
 */
public final class KernelRandom {
  private static final Path SOURCE = Path.of("/dev/urandom");

  private KernelRandom() {}

  /**
   * The next number.
   *
   * @throws UncheckedIOException where there is no such device
   */
  public static long nextLong() {
    try (DataInputStream numbers = new DataInputStream(Files.newInputStream(SOURCE))) {
      return numbers.readLong();
    } catch (IOException e) {
      throw new UncheckedIOException("no random numbers from " + SOURCE, e);
    }
  }
}
