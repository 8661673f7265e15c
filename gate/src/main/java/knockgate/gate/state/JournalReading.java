package knockgate.gate.state;

import java.nio.ByteBuffer;

/**
 * What a former process left in its {@link Journal}. Each record has its own check and its own
 * number, so damage costs the records that it hits and no other: where an area's header is broken,
 * the records tell where the area began.
 *
 * @param next number that the next record shall have
 * @param broken records that should be there and are not whole; one for each thread that was
 *     writing when the process died is no damage, and no loss
 */
record JournalReading(long next, long broken) {
  private static final long NONE = -1;
  private static final int NOWHERE = -1;

  /**
   * What an area holds.
   *
   * @param first number that it begins with
   * @param end number behind its last whole record
   */
  private record Area(int index, long first, long end) {}

  /**
   * Reads it.
   *
   * @param file the whole file
   * @param from records with a number below this are in the snapshot already; 0 = there is none
   * @param reader gets every whole record from there on, in the order of their numbers
   * @throws Damage when it is none of ours, or of a form that this version does not know
   */
  static JournalReading of(ByteBuffer file, long from, Journal.Reader reader) throws Damage {
    if (isBlank(file)) {
      return new JournalReading(from, 0);
    }
    int room = file.capacity() / (Journal.AREAS * StateRecord.BYTES) - 1;
    if (room < 1 || Journal.bytes(room) != file.capacity()) {
      throw new Damage("its length is that of no journal");
    }
    Area one = area(file, 0, room);
    Area other = area(file, 1, room);
    if (one.first == NONE && other.first == NONE) {
      throw new Damage(
          "nothing in it is whole, or it is of a form that this version does not know");
    }
    return one.first < other.first
        ? read(file, room, one, other, from, reader)
        : read(file, room, other, one, from, reader);
  }

  private static JournalReading read(
      ByteBuffer file, int room, Area early, Area late, long from, Journal.Reader reader) {
    // Without a snapshot, who was let in before a gap may have been thrown out in it.
    boolean isEarlyOfUse = early.first != NONE && (from > 0 || early.end >= late.first);
    long end = Math.max(from, Math.max(early.end, late.end));
    long broken = 0;
    long begin = Math.max(from, isEarlyOfUse ? early.first : late.first);
    for (long number = begin; number < end; number++) {
      int at = place(file, room, late, number);
      at = at == NOWHERE && isEarlyOfUse ? place(file, room, early, number) : at;
      if (at == NOWHERE) {
        broken++;
      } else {
        reader.take(file, at);
      }
    }
    return new JournalReading(end, broken);
  }

  /** Where a whole record stands in an area. */
  private static int place(ByteBuffer file, int room, Area area, long number) {
    long slot = number - area.first;
    if (slot < 0 || slot >= room) {
      return NOWHERE;
    }
    int at = Journal.at(area.index, room, slot);
    return StateRecord.isWhole(file, at, number) ? at : NOWHERE;
  }

  /** A file that was being made when its process died. */
  private static boolean isBlank(ByteBuffer file) {
    for (int at = 0; at < file.capacity(); at++) {
      if (file.get(at) != 0) {
        return false;
      }
    }
    return true;
  }

  private static Area area(ByteBuffer file, int index, int room) {
    int at = Journal.start(index, room);
    long first = StateRecord.isWhole(file, at) ? first(file, at, room) : likely(file, index, room);
    long end = first;
    for (int slot = 0; first != NONE && slot < room; slot++) {
      if (StateRecord.isWhole(file, Journal.at(index, room, slot), first + slot)) {
        end = first + slot + 1;
      }
    }
    return new Area(index, first, end);
  }

  private static long first(ByteBuffer file, int at, int room) {
    boolean known =
        file.getLong(at + 8) == Journal.MAGIC
            && file.getLong(at + 16) == Journal.FORM
            && file.getLong(at + 24) == room;
    return known ? file.getLong(at) : NONE;
  }

  /**
   * Where an area without a header begins. What its earlier uses left there has smaller numbers, so
   * the latest beginning that any record speaks for is the one.
   */
  private static long likely(ByteBuffer file, int index, int room) {
    long first = NONE;
    for (int slot = 0; slot < room; slot++) {
      int at = Journal.at(index, room, slot);
      if (StateRecord.isWhole(file, at)) {
        first = Math.max(first, file.getLong(at) - slot);
      }
    }
    return first;
  }
}
