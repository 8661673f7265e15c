package knockgate.bench;

/** How much is measured, and for how long. */
enum Length {
  /** To quote: half an hour and more. */
  FULL("full", 5, 3, 2000, 20),
  /** Under two minutes. */
  SHORT("short: for a look, not to quote", 1, 1, 500, 5),
  /** Everything once and as briefly as can be, only to see that it runs; gate/bin/verify does. */
  SMOKE("smoke: it runs; the figures below mean nothing", 1, 0.2, 20, 1);

  /** What the report says about it. */
  final String words;

  /** How often all contestants take their turns. */
  final int rounds;

  /** Seconds of a flood. */
  final double floodSeconds;

  /** Timed connects, idle and under load. */
  final int connects;

  /** Timed knocks at each rate. */
  final int knocks;

  Length(String words, int rounds, double floodSeconds, int connects, int knocks) {
    this.words = words;
    this.rounds = rounds;
    this.floodSeconds = floodSeconds;
    this.connects = connects;
    this.knocks = knocks;
  }
}
