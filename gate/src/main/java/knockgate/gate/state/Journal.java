package knockgate.gate.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What has happened since the last snapshot, in a mapped file. Whoever changes a grant writes one
 * record by plain stores: no system call, no wait. What is stored is in the kernel's page cache and
 * survives the process, however it ends. Any thread may append.
 *
 * <pre>
 *   +--------+--------+--------+-- ... --+--------+--------+--------+-- ... --+
 *   | header | record | record |         | header | record | record |         |
 *   +--------+--------+--------+-- ... --+--------+--------+--------+-- ... --+
 *    area 0                               area 1
 *
 *   header   number = the number of its area's first record    magic "KGJOURNL"
 *            form = 1    room = records of an area    from, wall = 0
 * </pre>
 *
 * One area is written to. When it is half full, the other one is begun and a snapshot is taken that
 * makes the first one needless; other snapshots do not turn it, for what it holds is a second
 * memory. A record stands where its number says: record n of an area that begins with number f is
 * its slot n - f. So what an earlier use of the area left there is known by its number, and nothing
 * is ever erased. A record that was being written when the process died is known by its check;
 * whoever wrote it had not acted upon it yet. {@link JournalReading} reads it.
 *
 * <p>Where a store finds no room on the disk after all, or the file cut short by somebody, the
 * journal is {@link #fault off} for the rest of this life.
 */
final class Journal {
  static final long MAGIC = 0x4b474a4f55524e4cL;
  static final long FORM = 1;
  static final int AREAS = 2;
  private static final int MOST_ERRORS = 3;
  private static final int ZEROS = 1 << 16;

  /** One use of an area. */
  private record Area(int index, long first) {}

  /** Takes records, in the order of their numbers. */
  @FunctionalInterface
  interface Reader {
    /** A record at a byte of a buffer. */
    void take(ByteBuffer records, int at);
  }

  private final MappedByteBuffer map;
  private final int room;
  private final AtomicLong next;
  private final AtomicLong lost = new AtomicLong();
  private volatile Area active;
  private volatile @Nullable InternalError fault;

  private Journal(MappedByteBuffer map, int room, long first) {
    this.map = map;
    this.room = room;
    next = new AtomicLong(first);
    active = new Area(0, first);
    writeHeader(active);
  }

  /** How long a file for that many records an area is, in bytes. */
  static long bytes(int room) {
    return (long) AREAS * (room + 1) * StateRecord.BYTES;
  }

  /**
   * Begins an empty journal in a file. The file gets all its blocks here, so that no later store
   * can find the disk full, unless its file system writes every change to another place.
   *
   * @param channel open for reading and writing, the caller's to close when the gate ends
   * @param room records of an area
   * @param first number of the first record, above all that the file ever held
   */
  static Journal begin(FileChannel channel, int room, long first) throws IOException {
    long bytes = bytes(room);
    if (channel.size() != bytes) {
      channel.truncate(0);
      ByteBuffer zeros = ByteBuffer.allocate(ZEROS);
      for (long at = 0; at < bytes; at += zeros.limit()) {
        zeros.clear().limit((int) Math.min(ZEROS, bytes - at));
        channel.write(zeros, at);
      }
    }
    MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
    map.order(ByteOrder.LITTLE_ENDIAN);
    return new Journal(map, room, first);
  }

  private void writeHeader(Area area) {
    long kind = StateRecord.kind(StateRecord.HEADER, 0, 0);
    write(start(area.index, room), area.first, MAGIC, FORM, room, 0, 0, kind);
  }

  /**
   * Stores a record, and looks whether it is there: of a store that the system could not do,
   * compiled code goes on, and the error comes later, wherever the thread is by then.
   */
  private void write(int at, long number, long a, long b, long c, long d, long e, long kind) {
    if (fault != null) {
      return;
    }
    try {
      StateRecord.put(map, at, number, a, b, c, d, e, kind);
      if (!StateRecord.isStored(map, at, number, a, b, c, d, e, kind)) {
        turnOff();
      }
    } catch (InternalError here) { // or on the way into turnOff
      turnOff();
    }
  }

  /**
   * Has what waits to be thrown come here, and not on the packet's further way. The JVM throws it
   * when a call into it returns, and to make an array of arrays is such a call, compiled or not.
   * Its length is asked for only so that it is made: {@code calls} stays what it was.
   */
  private void turnOff() {
    int calls = 0;
    while (calls < MOST_ERRORS) {
      try {
        fault = new InternalError("a record is not in the mapped file after it was stored");
        calls++;
        calls = new byte[calls][calls].length;
      } catch (InternalError late) {
        // it is the one that is told above
      }
    }
  }

  static int start(int area, int room) {
    return area * (room + 1) * StateRecord.BYTES;
  }

  static int at(int area, int room, long slot) {
    return start(area, room) + (int) (slot + 1) * StateRecord.BYTES;
  }

  /**
   * Writes one record. When the area is full or the journal is off, the record is lost to it, and
   * {@link #lost} asks for the snapshot that holds it. Allocates nothing and waits for nobody.
   */
  void append(long a, long b, long c, long d, long e, long kind) {
    Area area = active; // before the number: a number of the next area may go to this one's end
    long number = next.getAndIncrement();
    long slot = number - area.first;
    if (slot < room) {
      write(at(area.index, room, slot), number, a, b, c, d, e, kind);
    }
    if (slot >= room || fault != null) {
      lost.getAndIncrement();
    }
  }

  /** Goes on in the other area. Only when a snapshot has made that one needless. */
  void turn() {
    Area begun = new Area((active.index + 1) % AREAS, next.get());
    writeHeader(begun);
    active = begun;
  }

  /** The number from which on records count beside a snapshot that is taken now. */
  long next() {
    return next.get();
  }

  /** Whether it is time to turn. */
  boolean isHalfFull() {
    return fault == null && next.get() - active.first >= room / 2;
  }

  /** Why it is off: only snapshots keep anything from then on; null = it is not. */
  @Nullable InternalError fault() {
    return fault;
  }

  /** Records that found no room since the start. */
  long lost() {
    return lost.get();
  }
}
