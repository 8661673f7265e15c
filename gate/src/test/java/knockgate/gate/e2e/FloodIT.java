package knockgate.gate.e2e;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real knocks in a flood of first knocks from a million forged sources. The rate that was reached
 * is printed; how much it can be depends on the machine, and sender, kernel and gate share it here.
 */
class FloodIT {
  private static final int TRIES = 15;
  private static final int FIRST_HOST = 100;
  private static final int FLOODED_PORT = 7000;

  /** More than the ring of events, its buffer and a pipe hold; fewer than the kernel's queue. */
  private static final int ADMISSIONS = 10_000;

  private static final int PER_SECOND = 50_000;
  private static final int BEFORE_THE_FIRST_TRY = 70_000;
  private static final long BETWEEN_KNOCKS_NS = 20_000_000;
  private static final long PATIENCE_NS = 20_000_000_000L;
  private static final List<String> KNOCKS = List.of("tcp/7000", "tcp/8000", "tcp/9000");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"plain", "kernel-set"})
  void aRealKnockOpensAtTheFirstTryAndEveryEventIsToldOrCounted(String filter) {
    try (Scene scene = scene("queue.filter = " + filter)) {
      int opened = 0;
      long rate;
      try (Flood flood = flood(scene, PER_SECOND)) {
        for (int i = 0; i < TRIES; i++) {
          opened += opensAtTheFirstTry(scene, i) ? 1 : 0;
        }
        rate = flood.rate();
      }
      tell("filter " + filter, opened, rate, droppedByTheKernel(scene));
      assertThat(scene.gate().queues()).as("lost").allMatch(queue -> queue.dropped() == 0);
      assertThat(opened).as("opened, %d/s %s", rate, faults(scene)).isEqualTo(TRIES);
      everyEventIsToldOrCounted(scene, () -> scene.gate().events(event -> true).size());
      assertThat(number(status(scene), "events_suppressed")).as("left out").isPositive();
    }
  }

  /** Beyond what the machine can take, a try may fail only by a packet that the kernel dropped. */
  @Test
  void atSaturationARealKnockOpensIfTheKernelDeliversIt() {
    try (Scene scene = scene("")) {
      int opened = 0;
      long rate;
      try (Flood flood = flood(scene, Flood.UNPACED)) {
        for (int i = 0; i < TRIES; i++) {
          long before = droppedByTheKernel(scene);
          boolean opens = opensAtTheFirstTry(scene, i);
          opened += opens ? 1 : 0;
          assertThat(opens || droppedByTheKernel(scene) > before)
              .as("try %d failed, and no packet was dropped; %s", i, faults(scene))
              .isTrue();
        }
        rate = flood.rate();
      }
      tell("saturation", opened, rate, droppedByTheKernel(scene));
      everyEventIsToldOrCounted(scene, () -> scene.gate().events(event -> true).size());
      assertThat(number(status(scene), "events_suppressed")).as("left out").isPositive();
    }
  }

  /** A pipe that nobody reads stands for a disk or a journal that hangs. */
  @Test
  void verdictsDoNotWaitForAWriterThatIsStuck() throws IOException {
    Path pipe = folder.resolve("events");
    Run.of("mkfifo", pipe.toString()).ok();
    try (FileChannel unread = FileChannel.open(pipe, READ, WRITE);
        Scene scene = scene("events.to = \"" + pipe + "\"\n")) {
      Peer friend = scene.friend(Family.IPV4);
      friend.knockAndConnect(Family.IPV4.server, KNOCKS, 22).close();
      connectAgainAndAgain(scene, friend);
      assertThat(number(status(scene), "admitted")).as("judged").isGreaterThan(ADMISSIONS);
      assertThat(number(status(scene), "events_lost")).as("lost").isPositive();
      assertThat(opensAtTheFirstTry(scene, 0)).as("%s", faults(scene)).isTrue();

      AtomicInteger lines = new AtomicInteger();
      Thread reader = new Thread(() -> count(unread, lines), "reader");
      reader.setDaemon(true);
      reader.start();
      everyEventIsToldOrCounted(scene, lines::get);
    }
  }

  /** Admissions are events of which none is left out on purpose. */
  private static void connectAgainAndAgain(Scene scene, Peer admitted) {
    int source = ByteBuffer.wrap(Address.bytes(admitted.address())).getInt();
    scene
        .wire()
        .client()
        .inside(
            () -> {
              try (Forger forger = Forger.open(scene.wire(), Family.IPV4.server)) {
                for (int i = 0; i < ADMISSIONS; i++) {
                  forger.syn(source, 1024 + i, 22, i);
                }
              }
              return null;
            });
    long deadline = System.nanoTime() + PATIENCE_NS;
    while (scene.gate().queues().get(0).waiting() > 0) {
      assertThat(System.nanoTime()).as("verdicts wait").isLessThan(deadline);
      LockSupport.parkNanos(BETWEEN_KNOCKS_NS);
    }
  }

  private static void count(FileChannel pipe, AtomicInteger lines) {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    try {
      while (pipe.read(buffer.clear()) > 0) {
        for (int i = 0; i < buffer.position(); i++) {
          lines.addAndGet(buffer.get(i) == '\n' ? 1 : 0);
        }
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private Scene scene(String more) {
    String socket = "control.socket = \"" + folder.resolve("run/control.sock") + "\"\n";
    return new Scene(Scene.SSH + socket + more);
  }

  /** A flood that has filled the table of attempts. */
  private static Flood flood(Scene scene, int perSecond) {
    Flood flood = new Flood(scene, FLOODED_PORT, perSecond);
    long deadline = System.nanoTime() + PATIENCE_NS;
    while (flood.sent() < BEFORE_THE_FIRST_TRY) {
      assertThat(System.nanoTime()).as("no flood: %d sent", flood.sent()).isLessThan(deadline);
      LockSupport.parkNanos(BETWEEN_KNOCKS_NS);
    }
    return flood;
  }

  /** One who was never here knocks as a person's script would, and connects with one SYN. */
  private static boolean opensAtTheFirstTry(Scene scene, int number) {
    Peer peer = scene.wire().peer(Family.IPV4.host(FIRST_HOST + number));
    for (String knock : KNOCKS.subList(0, KNOCKS.size() - 1)) {
      peer.knock(Family.IPV4.server, List.of(knock));
      LockSupport.parkNanos(BETWEEN_KNOCKS_NS);
    }
    List<String> last = KNOCKS.subList(KNOCKS.size() - 1, KNOCKS.size());
    try (Connection connection = peer.knockAndConnect(Family.IPV4.server, last, 22)) {
      return connection.established() && connection.retransmissions() == 0;
    }
  }

  private static void tell(String what, int opened, long rate, long dropped) {
    String of = opened + " of " + TRIES + " real knocks opened under ";
    System.out.println(
        "flood, " + what + ": " + of + rate + " forged ones a second; " + dropped + " dropped");
  }

  /** In the queue, in its socket, or on the wire before either. */
  private static long droppedByTheKernel(Scene scene) {
    String wire = "/sys/class/net/" + Wire.DEVICE + "/statistics/tx_dropped";
    String onTheWire = scene.wire().client().run("cat", wire).ok().out().trim();
    return Long.parseLong(onTheWire) + scene.gate().queues().get(0).dropped();
  }

  /** An event is a line, or one of those left out, or one of those lost; nothing else. */
  private void everyEventIsToldOrCounted(Scene scene, IntSupplier lines) {
    long deadline = System.nanoTime() + PATIENCE_NS;
    String status;
    long events;
    long accounted;
    do {
      status = status(scene);
      events = number(status, "knocks") + number(status, "admitted") + number(status, "refused");
      events += number(status, "wrong_knocks") + number(status, "late_knocks");
      events += number(status, "over_budget") + number(status, "table_full");
      accounted = number(status, "events_suppressed") + number(status, "events_lost");
      accounted += lines.getAsInt();
    } while (accounted != events && System.nanoTime() < deadline);
    assertThat(accounted).as("%s", status).isEqualTo(events);
    assertThat(number(status, "failed")).as("faults").isZero();
  }

  private String status(Scene scene) {
    Map<String, String> socket =
        Map.of("KNOCKGATE_SOCKET", folder.resolve("run/control.sock").toString());
    return Gate.command(scene.wire().server(), socket, "status", "--json").ok().out();
  }

  private static long number(String json, String field) {
    Matcher found = Pattern.compile("\"" + field + "\":(\\d+)").matcher(json);
    assertThat(found.find()).as("%s in %s", field, json).isTrue();
    return Long.parseLong(found.group(1));
  }

  /** The log, but not the events: there are thousands. */
  private static String faults(Scene scene) {
    return String.join("\n", scene.gate().log());
  }
}
