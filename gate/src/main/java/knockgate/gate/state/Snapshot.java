package knockgate.gate.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * All that is worth keeping, at one moment. Written beside the old one and put in its place when it
 * is safe on the disk: there is always a whole one.
 *
 * <pre>
 *   +--------+----------+----------+-- ... --+----------+
 *   | header | record 1 | record 2 |         | record n |
 *   +--------+----------+----------+-- ... --+----------+
 *
 *   header   number = n    magic "KGSTATE1"    form = 1    room = 0
 *            from = records of the journal count from this number on
 *            wall = when it was written, milliseconds since 1970
 * </pre>
 *
 * One broken byte makes all of it useless: half a memory could open a door that was shut, where the
 * half that shut it is missing.
 */
final class Snapshot {
  static final long MAGIC = 0x4b47535441544531L;
  static final long FORM = 1;

  /** Far more than any gate has grants. */
  private static final long MOST_BYTES = 1L << 30;

  private static final int RECORDS_AT_A_TIME = 1024;

  /** Writes one snapshot. Used by one thread. */
  static final class Writer implements StateContent.Sink {
    private final FileChannel channel;
    private final ByteBuffer buffer = StateRecord.buffer(RECORDS_AT_A_TIME);
    private long count;

    private Writer(FileChannel channel) {
      this.channel = channel;
    }

    /**
     * Adds a record; its number is its place.
     *
     * @throws UncheckedIOException when it cannot be written
     */
    @Override
    public void add(long a, long b, long c, long d, long e, long kind) {
      if (buffer.remaining() == 0) {
        try {
          flush();
        } catch (IOException failed) {
          throw new UncheckedIOException(failed);
        }
      }
      int at = buffer.position();
      StateRecord.put(buffer, at, ++count, a, b, c, d, e, kind);
      buffer.position(at + StateRecord.BYTES);
    }

    private void flush() throws IOException {
      buffer.flip();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      buffer.clear();
    }
  }

  /** Adds all records of a snapshot. */
  @FunctionalInterface
  interface Content {
    void writeTo(Writer writer) throws IOException;
  }

  /**
   * What the header of a snapshot says.
   *
   * @param from records of the journal count from this number on
   * @param writtenMs when it was written, milliseconds since 1970
   */
  record Header(long from, long writtenMs) {}

  private Snapshot() {}

  /** Writes a file and puts it in the place of another, if there is one. */
  static void write(Path file, Header header, Content content) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(beside);
    try (FileChannel channel =
        FileChannel.open(
            beside,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.position(StateRecord.BYTES);
      Writer writer = new Writer(channel);
      content.writeTo(writer);
      writer.flush();
      channel.write(headerRecord(header, writer.count), 0);
      channel.force(true);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
      folder.force(true);
    }
  }

  private static ByteBuffer headerRecord(Header header, long count) {
    ByteBuffer record = StateRecord.buffer(1);
    StateRecord.put(
        record,
        0,
        count,
        MAGIC,
        FORM,
        0,
        header.from,
        header.writtenMs,
        StateRecord.kind(StateRecord.HEADER, 0, 0));
    return record;
  }

  /**
   * Checks all of a file, then reads it.
   *
   * @param reader gets every record, in order
   * @throws Damage when a single bit is not as it was written
   */
  static Header read(FileChannel channel, Journal.Reader reader) throws IOException {
    long bytes = channel.size();
    if (bytes < StateRecord.BYTES || bytes > MOST_BYTES || bytes % StateRecord.BYTES != 0) {
      throw new Damage("its length of " + bytes + " bytes is that of no snapshot");
    }
    pass(channel, (records, at) -> {});
    return pass(channel, reader);
  }

  private static Header pass(FileChannel channel, Journal.Reader reader) throws IOException {
    ByteBuffer buffer = StateRecord.buffer(RECORDS_AT_A_TIME);
    channel.position(0);
    long records = channel.size() / StateRecord.BYTES;
    Header header = new Header(0, 0);
    for (long number = 0; number < records; number++) {
      int at = (int) (number % RECORDS_AT_A_TIME) * StateRecord.BYTES;
      if (at == 0) {
        fill(channel, buffer);
      }
      if (number == 0) {
        header = header(buffer, records - 1);
      } else if (at + StateRecord.BYTES <= buffer.limit()
          && StateRecord.isWhole(buffer, at, number)) {
        reader.take(buffer, at);
      } else {
        throw new Damage("record " + number + " of " + (records - 1) + " is broken");
      }
    }
    return header;
  }

  private static void fill(FileChannel channel, ByteBuffer buffer) throws IOException {
    buffer.clear();
    int read;
    do {
      read = channel.read(buffer);
    } while (read > 0);
    buffer.flip();
  }

  private static Header header(ByteBuffer buffer, long count) throws Damage {
    if (buffer.limit() < StateRecord.BYTES || !StateRecord.isWhole(buffer, 0)) {
      throw new Damage("its header is broken");
    }
    if (buffer.getLong(8) != MAGIC || buffer.getLong(16) != FORM) {
      throw new Damage("it is of a form that this version does not know");
    }
    if (buffer.getLong(0) != count) {
      throw new Damage(
          "it has "
              + count
              + " records and should have "
              + Long.toUnsignedString(buffer.getLong(0)));
    }
    return new Header(buffer.getLong(32), buffer.getLong(40));
  }
}
