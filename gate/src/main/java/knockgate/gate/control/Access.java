package knockgate.gate.control;

/** What a client of the control socket may do; each may all that the ones before it may. */
enum Access {
  NOTHING,
  LOOK,
  CHANGE;

  boolean allows(Access needed) {
    return compareTo(needed) >= 0;
  }
}
