package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A flood of first knocks from forged sources: it costs no memory and pushes nobody out. */
class MemoryIT {
  private static final int FORGED = 1_000_000;
  private static final int WARM_UP = 200_000;
  private static final int FIRST_SOURCE = 0x0a000000; // 10.0.0.0
  private static final long MIB = 1 << 20;

  /** The kernel holds this many packets for us by default; half of it leaves room for a pause. */
  private static final int MOST_WAITING = 8192;

  private static final String PATIENT =
      """
      doors {
        ssh { protects = [ "tcp/22" ], knock = [ 7000, 8000, 9000 ], time = 5m }
      }
      """;

  @Test
  void isTheSameAfterAMillionForgedFirstKnocks() {
    try (Scene scene = new Scene(PATIENT)) {
      Gate gate = scene.gate();
      flood(scene, FIRST_SOURCE + FORGED, WARM_UP);
      long liveBefore = liveHeap(gate);
      long heapBefore = heap(gate);
      long residentBefore = gate.residentBytes();
      long packetsBefore = packets(gate);
      Peer friend = scene.friend(Family.IPV4);
      friend.knock(Family.IPV4.server, List.of("tcp/7000", "tcp/8000"));

      flood(scene, FIRST_SOURCE, FORGED);

      assertThat(packets(gate) - packetsBefore).as("seen by the gate").isGreaterThan(FORGED);
      assertThat(gate.queues()).as("lost").allMatch(queue -> queue.dropped() == 0);
      assertThat(liveHeap(gate)).as("live heap").isLessThan(liveBefore + MIB);
      assertThat(gate.residentBytes()).as("resident").isLessThan(residentBefore + 16 * MIB);
      assertThat(heap(gate)).as("heap").isLessThanOrEqualTo(64 * MIB).isEqualTo(heapBefore);
      Connection connection = friend.knockAndConnect(Family.IPV4.server, List.of("tcp/9000"), 22);
      assertThat(connection.established())
          .as("who was in the middle of the sequence: %s", connection)
          .isTrue();
      connection.close();
    }
  }

  /** Sends as fast as the gate takes them: what the kernel had to drop would prove nothing. */
  private static void flood(Scene scene, int firstSource, int count) {
    scene
        .wire()
        .client()
        .inside(
            () -> {
              try (Forger forger = Forger.open(scene.wire(), Family.IPV4.server)) {
                for (int i = 0; i < count; i++) {
                  forger.syn(firstSource + i, 1024 + i % 60_000, 7000, i);
                  if (i % 1024 == 0) {
                    awaitRoom(scene.gate());
                  }
                }
              }
              return null;
            });
    awaitEmpty(scene.gate());
  }

  private static void awaitRoom(Gate gate) throws InterruptedException {
    while (gate.queues().get(0).waiting() > MOST_WAITING) {
      Thread.sleep(1);
    }
  }

  private static void awaitEmpty(Gate gate) {
    while (gate.queues().get(0).waiting() > 0) {
      Thread.onSpinWait();
    }
  }

  private static long packets(Gate gate) {
    return gate.queues().get(0).numbered();
  }

  /** Bytes in use after a full collection. */
  private static long liveHeap(Gate gate) {
    String last = jcmd(gate, "GC.class_histogram").trim().lines().reduce("", (a, b) -> b);
    return number("Total\\s+\\d+\\s+(\\d+)", last);
  }

  /** Bytes that the heap's generations take, used or not. */
  private static long heap(Gate gate) {
    Matcher total =
        Pattern.compile("generation +total (\\d+)K").matcher(jcmd(gate, "GC.heap_info"));
    return total.results().mapToLong(found -> Long.parseLong(found.group(1)) * 1024).sum();
  }

  private static String jcmd(Gate gate, String question) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    return Run.of(jcmd.toString(), String.valueOf(gate.pid()), question).ok().out();
  }

  private static long number(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
    return Long.parseLong(matcher.group(1));
  }
}
