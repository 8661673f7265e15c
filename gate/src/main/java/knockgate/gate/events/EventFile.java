package knockgate.gate.events;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.fault.FileTrouble;
import org.jspecify.annotations.Nullable;

/**
 * A file that others rotate. Lines are appended, so that one who copies and truncates it does no
 * harm; one who moves it away is noticed within a second of writing, or at once by {@link #reopen}.
 * Readable by its group, created when missing.
 */
final class EventFile extends OutputStream {
  private static final int BUFFER = 1 << 16;
  private static final long LOOK_EVERY_NS = 1_000_000_000L;
  private static final Set<OpenOption> APPEND =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  private static final ByteBuffer LINE_END = ByteBuffer.wrap(new byte[] {'\n'});
  private static final FileAttribute<?> MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));

  private final Path path;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private FileChannel channel;
  private @Nullable Object key;
  private long lookedNs = System.nanoTime();
  private volatile boolean reopenAsked;

  /** Whether the last line may be half a line: of a full disk, or of whoever wrote before us. */
  private boolean isTorn = true;

  private EventFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.key = keyAt(path);
  }

  /**
   * Opens it.
   *
   * @throws Failure when that cannot be done
   */
  static EventFile open(Path path) {
    try {
      return new EventFile(path, FileChannel.open(path, APPEND, MODE));
    } catch (IOException e) {
      throw new Failure(
          ExitCode.CANNOT,
          "events.to: " + path + " cannot be opened for writing: " + FileTrouble.reason(e),
          e);
    }
  }

  /** The next line goes to the file that then has the name. Any thread. */
  void reopen() {
    reopenAsked = true;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > buffer.remaining()) {
      flush();
    }
    if (length > buffer.capacity()) {
      drain(ByteBuffer.wrap(bytes, offset, length));
    } else {
      buffer.put(bytes, offset, length);
    }
  }

  /**
   * A failed write loses what was in the buffer; the next one starts anew, on a line of its own.
   */
  @Override
  public void flush() throws IOException {
    buffer.flip();
    try {
      followName();
      drain(buffer);
    } finally {
      buffer.clear();
    }
  }

  private void drain(ByteBuffer from) throws IOException {
    if (isTorn && endsInHalfALine()) {
      write(LINE_END.duplicate());
    }
    isTorn = true; // until all of it is there
    write(from);
    isTorn = false;
  }

  private void write(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      channel.write(from);
    }
  }

  private boolean endsInHalfALine() throws IOException {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    try (FileChannel written = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return written.read(last, Math.max(0, written.size() - 1)) == 1 && last.get(0) != '\n';
    } catch (AccessDeniedException e) {
      return false; // one who may only write
    }
  }

  private void followName() throws IOException {
    long nowNs = System.nanoTime();
    if (!reopenAsked && nowNs - lookedNs < LOOK_EVERY_NS) {
      return;
    }
    lookedNs = nowNs;
    if (reopenAsked || !String.valueOf(key).equals(String.valueOf(keyAt(path)))) {
      reopenAsked = false;
      FileChannel next = FileChannel.open(path, APPEND, MODE);
      channel.close();
      channel = next;
      isTorn = true;
      key = keyAt(path);
    }
  }

  /** Device and inode of what has the name now; null = nothing has. */
  private static @Nullable Object keyAt(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      flush();
    } finally {
      channel.close();
    }
  }
}
