package knockgate.gate.e2e;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;

/**
 * What a flood of forged SPA messages costs those who connect: the time of ordinary connects, with
 * and without it, in turns so that both see the same machine.
 *
 * <pre>
 *   java -cp ... knockgate.gate.e2e.SpaLoad [PACKETS-PER-SECOND] [SECONDS-OF-EACH-TURN] [TURNS]
 * </pre>
 *
 * Not a test: its numbers mean something only on a machine that does nothing else. Ends with 1 if
 * the p99 under the flood is above {@link #MOST} times that without, which is the measure.
 */
public final class SpaLoad {
  /** p99 with the flood, over p99 without. */
  private static final double MOST = 1.5;

  private static final Duration LIMIT = Duration.ofMillis(700);

  private final Scene scene;
  private final int perSecond;
  private final int seconds;

  private SpaLoad(Scene scene, int perSecond, int seconds) {
    this.scene = scene;
    this.perSecond = perSecond;
    this.seconds = seconds;
  }

  /** Runs it as root. */
  public static void main(String[] args) {
    int perSecond = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    int turns = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    boolean held;
    try (Scene scene = new Scene(Messages.DOORS.replace("autoclose = 1m", "autoclose = 1h"))) {
      held = new SpaLoad(scene, perSecond, seconds).compare(turns, System.out);
    }
    System.exit(held ? 0 : 1);
  }

  private boolean compare(int turns, PrintStream out) {
    Peer friend = scene.friend(Family.IPV4);
    friend.say(Family.IPV4.server, Messages.FWKNOP_PORT, Messages.fwknop());
    connects(); // compiled by now
    long[] idle = {};
    long[] flooded = {};
    long packets = 0;
    for (int turn = 0; turn < turns; turn++) {
      idle = both(idle, connects());
      try (SpaFlood flood =
          SpaFlood.on(scene.wire(), SpaFlood.Source.EVERYWHERE, perSecond, Integer.MAX_VALUE)) {
        flooded = both(flooded, connects());
        packets += flood.sent();
      }
    }
    double ratio = (double) percentile(flooded, 99) / percentile(idle, 99);
    out.println("forged messages a second  " + packets / ((long) turns * seconds));
    tell(out, "idle   ", idle);
    tell(out, "flooded", flooded);
    out.printf("p99 flooded / idle        %.2f (at most %.1f)%n", ratio, MOST);
    return ratio <= MOST;
  }

  private static void tell(PrintStream out, String name, long[] sorted) {
    out.printf(
        "%s  %d connects, us: p50 %d, p90 %d, p99 %d, p99.9 %d, most %d%n",
        name,
        sorted.length,
        percentile(sorted, 50) / 1000,
        percentile(sorted, 90) / 1000,
        percentile(sorted, 99) / 1000,
        percentile(sorted, 99.9) / 1000,
        sorted[sorted.length - 1] / 1000);
  }

  private static long percentile(long[] sorted, double percent) {
    int index = (int) Math.ceil(sorted.length * percent / 100) - 1;
    return sorted[Math.max(0, index)];
  }

  private static long[] both(long[] one, long[] other) {
    long[] all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    Arrays.sort(all);
    return all;
  }

  /** Connects one behind the other, for one turn; nanoseconds each. */
  private long[] connects() {
    String from = Family.IPV4.friend();
    return scene
        .wire()
        .client()
        .inside(
            () -> {
              long[] took = new long[1 << 20];
              int count = 0;
              long end = System.nanoTime() + seconds * 1_000_000_000L;
              while (System.nanoTime() < end && count < took.length) {
                try (Connection connection = Connection.open(from, Family.IPV4.server, 22, LIMIT)) {
                  if (!connection.established()) {
                    throw new AssertionError(connection + " " + scene.gate());
                  }
                  took[count++] = connection.took().toNanos();
                }
                Thread.sleep(1); // an ordinary rate, and ports enough for all
              }
              return Arrays.copyOf(took, count);
            });
  }
}
