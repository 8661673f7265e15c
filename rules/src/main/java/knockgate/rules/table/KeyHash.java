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
   * that a stranger cannot say which keys share a bucket. One more product and one more fold, and
   * any of its bits are as good as others. But its lowest byte is never 0: {@link SlotPlaces} takes
   * it as it is.
   */
  public long of(long hi, long lo) {
    long x = lo ^ seed1;
    long y = hi ^ seed0;
    long h = (x * y ^ Math.multiplyHigh(x, y)) * 0xc4ceb9fe1a85ec53L;
    h ^= h >>> 32;
    return h + ((h & 0xff) - 1 >>> Long.SIZE - 1); // 1 for 0, without a branch
  }

  /** The hash of a key and a tag, of the key's. The tag leaves the lowest byte as it is. */
  public static long with(long hashed, long tag) {
    // The upper half of a product is the better one: that comes down.
    return hashed ^ Long.rotateLeft(tag * 0x9e3779b97f4a7c15L, 32) & ~0xffL;
  }
}
