package knockgate.rules.table;

/** A {@link SlotTable} with the hash that it was made with, for tests that ask it by keys alone. */
record HashedTable(SlotTable table, boolean clustered, KeyHash keyHash) {
  HashedTable(int limit, boolean clustered, boolean manyInsert, KeyHash keyHash) {
    this(new SlotTable(limit, clustered, manyInsert, keyHash), clustered, keyHash);
  }

  private long hash(long hi, long lo, long tag) {
    long hashed = keyHash.of(hi, lo);
    return clustered ? hashed : KeyHash.with(hashed, tag);
  }

  int limit() {
    return table.limit();
  }

  int size() {
    return table.size();
  }

  long get(long hi, long lo, long tag) {
    return table.get(hash(hi, lo, tag), hi, lo, tag);
  }

  long note(long hi, long lo, long tag) {
    return table.note(hash(hi, lo, tag), hi, lo, tag);
  }

  int collect(long hi, long lo, long[] tags, long[] values) {
    return table.collect(keyHash.of(hi, lo), hi, lo, tags, values, new int[SlotTable.REACH]);
  }

  Insertion insert(long hi, long lo, long tag, long value, long note, long evictBelow) {
    return table.insert(hash(hi, lo, tag), hi, lo, tag, value, note, evictBelow);
  }

  boolean replace(long hi, long lo, long tag, long expected, long value) {
    return table.replace(hash(hi, lo, tag), hi, lo, tag, expected, value);
  }

  boolean remove(long hi, long lo, long tag, long expected) {
    return table.remove(hash(hi, lo, tag), hi, lo, tag, expected);
  }

  void visit(SlotTable.Visitor visitor) {
    table.visit(visitor);
  }
}
