package knockgate.bench;

/**
 * Numbers in no order that a cache or a branch predictor could learn, without an array of them,
 * which would take the place of what is measured in the caches. A linear congruential generator
 * (Knuth, MMIX), of which the high bits count. For one thread.
 */
final class Draw {
  private static final long FACTOR = 6364136223846793005L;
  private static final long SUMMAND = 1442695040888963407L;

  private long state;

  /** The same seed gives the same numbers. */
  Draw(long seed) {
    state = seed;
  }

  /** The next of 0 to bound - 1, each as likely as any other. */
  int below(int bound) {
    state = state * FACTOR + SUMMAND;
    return (int) ((state >>> Integer.SIZE) * bound >>> Integer.SIZE);
  }
}
