package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** More packets than there is room for, each test in a network namespace of its own. */
class QueuePressureIT {
  private static final int QUEUE = 7;
  private static final int COPY_RANGE = 256;
  private static final int PORT = 4000;
  private static final String QUEUE_UDP = "INPUT -p udp -j NFQUEUE --queue-num 7";

  private final ReceiveBatch batch = new ReceiveBatch(64, ReceiveBatch.slotBytesFor(COPY_RANGE));
  private final VerdictBatch verdicts = new VerdictBatch(QUEUE, 64);

  @ParameterizedTest
  @CsvSource({"false, 0", "true, 20"})
  void fullQueueDropsUnlessItFailsOpen(boolean failOpen, int passed) throws Exception {
    Namespace.run(
        () -> {
          Namespace.rule("queued", "mangle", QUEUE_UDP);
          try (QueueSocket queue =
                  QueueSocket.open(new QueueOptions(QUEUE, 10, failOpen, COPY_RANGE, 1 << 20));
              DatagramSocket receiver = new DatagramSocket(PORT)) {
            Udp.send("127.0.0.1", PORT, 30, 20);
            assertThat(statistics().waiting()).isEqualTo(10);
            assertThat(Udp.waiting(receiver)).isEqualTo(passed);
            assertThat(queue.receive(batch)).isEqualTo(10);
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 20", "::1, 20", "127.0.0.1, 1472", "::1, 1452", "127.0.0.1, 700"})
  void advisedReceiveBufferHoldsAFullQueue(String address, int payloadBytes) throws Exception {
    int length = 2000;
    Namespace.run(
        () -> {
          Namespace.rule("queued", "mangle", QUEUE_UDP);
          int bytes = QueueOptions.receiveBufferFor(length);
          try (QueueSocket queue =
              QueueSocket.open(new QueueOptions(QUEUE, length, false, 2048, bytes))) {
            assertThat(queue.receiveBufferBytes()).isEqualTo(bytes);
            Udp.send(address, PORT, length + 500, payloadBytes);
            QueueStatistics full = statistics();
            assertThat(full.waiting()).isEqualTo(length);
            assertThat(full.queueDropped()).isEqualTo(500);
            assertThat(full.userDropped()).isZero();
          }
        });
  }

  @Test
  void overrunIsCountedAndSurvived() throws Exception {
    Namespace.run(
        () -> {
          Namespace.rule("queued", "mangle", QUEUE_UDP);
          try (QueueSocket queue =
                  QueueSocket.open(new QueueOptions(QUEUE, 1000, false, COPY_RANGE, 4096));
              DatagramSocket receiver = new DatagramSocket(PORT)) {
            for (int round = 1; round <= 3; round++) {
              Udp.send("127.0.0.1", PORT, 500, 20);
              int got = acceptAllWaiting(queue);
              assertThat(queue.overruns()).isEqualTo(round);
              assertThat(got).isBetween(1, 499);
              assertThat(Udp.waiting(receiver)).isEqualTo(got);
              assertThat(statistics().idSequence()).isEqualTo(500L * round);
            }
            assertThat(statistics().userDropped()).isPositive();
          }
        });
  }

  private int acceptAllWaiting(QueueSocket queue) throws Exception {
    int got = 0;
    while (statistics().waiting() > 0) {
      int count = queue.receive(batch);
      for (int i = 0; i < count; i++) {
        verdicts.add(batch.message(i).packetId(), true);
      }
      queue.send(verdicts);
      got += count;
    }
    return got;
  }

  @Test
  void balancedQueuesShareTheFlows() throws Exception {
    Namespace.run(
        () -> {
          Namespace.rule("queued", "mangle", "INPUT -p udp -j NFQUEUE --queue-balance 7:8");
          QueueOptions second = new QueueOptions(QUEUE + 1, 1000, false, COPY_RANGE, 1 << 20);
          try (QueueSocket one =
                  QueueSocket.open(new QueueOptions(QUEUE, 1000, false, COPY_RANGE, 1 << 20));
              QueueSocket two = QueueSocket.open(second)) {
            for (int host = 1; host <= 60; host++) {
              Udp.send("127.0.0." + host, PORT, 1, 20);
            }
            int first = one.receive(batch);
            assertThat(first).isBetween(1, 59);
            assertThat(first + two.receive(batch)).isEqualTo(60);
          }
        });
  }

  @Test
  void opensUnderAFloodAgainAndAgain() throws Exception {
    Namespace.run(
        () -> {
          Namespace.rule("queued", "mangle", QUEUE_UDP);
          AtomicBoolean stop = new AtomicBoolean();
          Thread flood = new Thread(() -> floodUntil(stop), "flood");
          flood.start();
          try {
            for (int i = 0; i < 1000; i++) {
              try (QueueSocket queue =
                  QueueSocket.open(new QueueOptions(QUEUE, 100, false, COPY_RANGE, 1 << 20))) {
                assertThat(queue.receive(batch)).isNotNegative();
                assertThat(queue.refusedVerdicts()).isZero();
              }
            }
          } finally {
            stop.set(true);
            flood.join();
          }
        });
  }

  private static void floodUntil(AtomicBoolean stop) {
    try {
      while (!stop.get()) {
        Udp.send("127.0.0.1", PORT, 100, 20);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static QueueStatistics statistics() throws Exception {
    return QueueStatistics.read().get(0);
  }
}
