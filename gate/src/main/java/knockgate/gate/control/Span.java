package knockgate.gate.control;

/** A stretch of time in the words that people use for one of its size. */
public final class Span {
  private static final long SECOND = 1000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private Span() {}

  /** Such as {@code 140 ms}, {@code 4.2 s}, {@code 41 s}, {@code 5 min} or {@code 2 h 5 min}. */
  public static String text(long millis) {
    long ms = Math.abs(millis);
    if (ms < SECOND) {
      return ms + " ms";
    }
    if (ms < 20 * SECOND) {
      long tenths = ms / 100;
      return tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10) + " s";
    }
    if (ms < 2 * MINUTE) {
      return ms / SECOND + " s";
    }
    if (ms < 2 * HOUR) {
      return ms / MINUTE + " min";
    }
    return ms < 2 * DAY ? two(ms, HOUR, "h", MINUTE, "min") : two(ms, DAY, "d", HOUR, "h");
  }

  private static String two(long ms, long unit, String word, long part, String partWord) {
    long parts = ms % unit / part;
    return ms / unit + " " + word + (parts == 0 ? "" : " " + parts + " " + partWord);
  }
}
