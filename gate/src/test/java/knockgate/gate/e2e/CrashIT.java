package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The daemon is killed under load, over and over, while doors are being opened: no grant that it
 * told of is lost, nobody else gets in, and a rescue address always does.
 *
 * <p>The full measure: {@code -Dknockgate.crash.times=50 -Dknockgate.crash.grants=10000
 * -Dknockgate.crash.packets=20000}. It prints its figures.
 */
class CrashIT {
  private static final int TIMES = Integer.getInteger("knockgate.crash.times", 3);
  private static final int GRANTS = Integer.getInteger("knockgate.crash.grants", 1000);
  private static final int PACKETS_PER_SECOND = Integer.getInteger("knockgate.crash.packets", 5000);

  private static final long SEED = 20_261_122;
  private static final int FIRST_HOLDER = 0x0a000001; // 10.0.0.1
  private static final int FIRST_NEWCOMER = 0x0a200001; // 10.32.0.1
  private static final int[] SSH_KNOCKS = {7000, 8000, 9000};
  private static final int[] WEB_KNOCKS = {7001, 8001, 9001};

  /** A rescue address may lose what is in flight when the daemon dies; its SYN comes again. */
  private static final Duration PATIENT = Duration.ofSeconds(8);

  private static final String POLICY =
      """
      rescue = [ "192.0.2.10", "2001:db8::10" ]
      limits { grants = 32768 }
      doors {
        ssh { protects = [ "tcp/22" ], knock = [ 7000, 8000, 9000 ], autoclose = 2h }
        web { protects = [ "tcp/8080" ], knock = [ 7001, 8001, 9001 ], autoclose = 2h }
      }
      """;

  private final List<Duration> restarts = new ArrayList<>();
  private final List<Duration> processor = new ArrayList<>();

  @Test
  void noGrantThatWasToldOfIsLostAndNobodyElseGetsIn() throws InterruptedException {
    try (KeptScene kept = new KeptScene(POLICY)) {
      Set<String> holders = fill(kept);
      SteadyFlood flood = new SteadyFlood(kept.scene().wire(), PACKETS_PER_SECOND, SEED);
      Newcomers newcomers = new Newcomers(kept.scene().wire());
      Traffic strangers =
          new Traffic(kept.scene(), kept.scene()::stranger, 22, Duration.ofMillis(50));
      Traffic rescued = new Traffic(kept.scene(), kept.scene()::rescue, 22, PATIENT);
      Set<String> told = Set.of();
      for (int time = 1; time <= TIMES; time++) {
        newcomers.awaitMore(5);
        kept.gate().kill();
        told = union(told, toldOf(kept.gate()));
        long start = System.nanoTime();
        kept.scene().restart();
        Set<String> web = kept.grantedOnceUp("web");
        restarts.add(Duration.ofNanos(System.nanoTime() - start));
        processor.add(kept.gate().processorTime());
        assertThat(web).as("time %s, told of, %s", time, kept.gate()).containsAll(told);
        assertThat(kept.granted("ssh")).as("time %s, from before", time).containsAll(holders);
      }
      newcomers.end();
      flood.end();
      strangers.end();
      rescued.end();
      report(flood, told.size(), strangers, rescued);
      assertThat(strangers.admitted()).as("strangers admitted").isZero();
      assertThat(strangers.tries()).as("strangers' tries").isGreaterThan(20);
      assertThat(rescued.refused()).as("rescue refused").isEmpty();
      assertThat(rescued.tries()).as("rescue tries").isGreaterThan(20);
      assertThat(told).as("grants given in between").hasSizeGreaterThan(TIMES);
    }
  }

  /** Fills the table with grants that are there before the first crash. */
  private static Set<String> fill(KeptScene kept) {
    kept.scene()
        .wire()
        .client()
        .inside(
            () -> {
              try (Forger forger = Forger.open(kept.scene().wire(), Family.IPV4.server)) {
                for (int i = 0; i < GRANTS; i++) {
                  knock(forger, FIRST_HOLDER + i, SSH_KNOCKS);
                  if (i % 100 == 0) {
                    LockSupport.parkNanos(5_000_000); // far below what the queue holds
                  }
                }
              }
              return null;
            });
    Set<String> holders =
        IntStream.range(0, GRANTS)
            .mapToObj(i -> address(FIRST_HOLDER + i))
            .collect(Collectors.toSet());
    kept.await("all grants of before", () -> kept.granted("ssh").size() >= GRANTS);
    assertThat(kept.granted("ssh")).isEqualTo(holders);
    return holders;
  }

  private static void knock(Forger forger, int source, int[] ports) {
    for (int port : ports) {
      forger.syn(source, 40_000, port, source);
    }
  }

  private static String address(int v4) {
    return (v4 >>> 24) + "." + (v4 >>> 16 & 255) + "." + (v4 >>> 8 & 255) + "." + (v4 & 255);
  }

  private static Set<String> toldOf(Gate gate) {
    return gate
        .events(
            event -> event.field("reason").equals("opened") && event.field("door").equals("web"))
        .stream()
        .map(event -> event.field("peer"))
        .collect(Collectors.toSet());
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    return java.util.stream.Stream.concat(one.stream(), other.stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private void report(SteadyFlood flood, int told, Traffic strangers, Traffic rescued) {
    Collections.sort(restarts);
    Collections.sort(processor);
    System.out.printf(
        "killed %d times with %d grants at %d packets/s: %d more grants told of and all there;%n"
            + "  start until all grants are there: median %d ms, longest %d ms"
            + " (processor time %d ms, %d ms)%n"
            + "  strangers: %d of %d tries admitted; rescue: %d of %d refused%n",
        TIMES,
        GRANTS,
        flood.pace(),
        told,
        restarts.get(TIMES / 2).toMillis(),
        restarts.get(TIMES - 1).toMillis(),
        processor.get(TIMES / 2).toMillis(),
        processor.get(TIMES - 1).toMillis(),
        strangers.admitted(),
        strangers.tries(),
        rescued.refused().size(),
        rescued.tries());
  }

  /** Somebody new knocks all the time, so that a crash always finds a door being opened. */
  private static final class Newcomers {
    private final AtomicInteger count = new AtomicInteger();
    private final Thread thread;
    private volatile boolean over;

    Newcomers(Wire wire) {
      thread =
          new Thread(
              () -> {
                wire.client().enter();
                try (Forger forger = Forger.open(wire, Family.IPV4.server)) {
                  while (!over) {
                    knock(forger, FIRST_NEWCOMER + count.getAndIncrement(), WEB_KNOCKS);
                    LockSupport.parkNanos(40_000_000); // a list has 10,000 rows at most
                  }
                }
              },
              "newcomers");
      thread.setDaemon(true);
      thread.start();
    }

    void awaitMore(int more) {
      int until = count.get() + more;
      while (count.get() < until) {
        LockSupport.parkNanos(1_000_000);
      }
    }

    void end() throws InterruptedException {
      over = true;
      thread.join();
    }
  }
}
