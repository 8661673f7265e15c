package knockgate.rules.table;

/**
 * A secret hash of 128-bit keys. Tables that are made with the same one can be asked about a key
 * that was hashed once. Immutable.
 */
public final class KeyHash {
  private final long seed0;
  private final long seed1;

  /**
   * A hash; the seeds are random and unknown to strangers, so that nobody can aim at one bucket.
   */
  public KeyHash(long seed0, long seed1) {
    this.seed0 = seed0;
    this.seed1 = seed1;
  }

  /**
   * The hash of a key: both halves of a 128-bit product, folded, with a seed in each factor, so
   * that a stranger cannot say which keys share a bucket. Its bits are not equally good; whoever
   * takes some of them multiplies first.
   */
  public long of(long hi, long lo) {
    long x = lo ^ seed1;
    long y = hi ^ seed0;
    return x * y ^ Math.multiplyHigh(x, y);
  }
}
