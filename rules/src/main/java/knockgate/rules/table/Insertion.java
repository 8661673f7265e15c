package knockgate.rules.table;

/** How an insertion into a {@link SlotTable} ended. */
public enum Insertion {
  /** There was room. */
  INSERTED,
  /** Others with smaller values had to go first: one, or some dozens who were old. */
  EVICTED,
  /** The key is there already; nothing was changed. */
  EXISTS,
  /** No room, and nobody here may be thrown out for it. */
  FULL
}
