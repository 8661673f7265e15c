package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import org.junit.jupiter.api.Test;

/** One message for many packets, as the kernel takes it. */
class VerdictRunIT {
  private static final int QUEUE = 7;
  private static final int PORT = 4000;
  private static final int COPY_RANGE = 256;
  private static final int PACKETS = 60;

  private final ReceiveBatch batch =
      new ReceiveBatch(PACKETS, ReceiveBatch.slotBytesFor(COPY_RANGE));
  private final VerdictBatch verdicts = new VerdictBatch(QUEUE, PACKETS);

  @Test
  void runJudgesItsPacketsAndNoneBehindIt() throws Exception {
    Namespace.run(
        () -> {
          Namespace.rule("queued", "mangle", "INPUT -p udp -j NFQUEUE --queue-num 7");
          try (DatagramSocket receiver = new DatagramSocket(PORT);
              QueueSocket queue =
                  QueueSocket.open(new QueueOptions(QUEUE, 1000, false, COPY_RANGE, 1 << 20))) {
            Udp.send("127.0.0.1", PORT, PACKETS, 20);
            assertThat(queue.receive(batch)).isEqualTo(PACKETS);

            judge(0, 20, true);
            judge(20, 30, false);
            queue.send(verdicts);
            assertThat(Udp.waiting(receiver)).isEqualTo(20);
            assertThat(QueueStatistics.read().get(0).waiting()).isEqualTo(30);

            judge(30, PACKETS, true);
            queue.send(verdicts);
            assertThat(Udp.waiting(receiver)).isEqualTo(30);
            assertThat(QueueStatistics.read().get(0).waiting()).isZero();

            queue.wake();
            assertThat(queue.receive(batch)).isZero();
            assertThat(queue.refusedVerdicts()).isZero();
          }
        });
  }

  private void judge(int from, int to, boolean accept) {
    for (int i = from; i < to; i++) {
      verdicts.add(batch.message(i).packetId(), accept);
    }
  }
}
