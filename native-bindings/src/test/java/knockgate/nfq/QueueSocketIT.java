package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** The bindings against the real kernel, each test in a network namespace of its own. */
class QueueSocketIT {
  private static final QueueOptions OPTIONS = new QueueOptions(7, 1024, false, 256, 1 << 20);

  @Test
  void oneQueueServesBothFamilies() throws Exception {
    Namespace.run(
        () -> {
          for (String tool : new String[] {"iptables", "ip6tables"}) {
            String rule = " -t mangle -A INPUT -p udp -j NFQUEUE --queue-num 7";
            Namespace.command((tool + rule).split(" ", -1));
          }
          try (QueueSocket queue = QueueSocket.open(OPTIONS);
              DatagramSocket sender = new DatagramSocket()) {
            ReceiveBatch batch = new ReceiveBatch(16, ReceiveBatch.slotBytesFor(256));
            VerdictBatch verdicts = new VerdictBatch(7, 16);
            for (String address : new String[] {"127.0.0.1", "::1"}) {
              sender.send(new DatagramPacket(new byte[5], 5, InetAddress.getByName(address), 4000));
              assertThat(queue.receive(batch)).isOne();
              PacketMessage message = batch.message(0);
              int version = message.buffer().get(message.payloadOffset()) >> 4;
              assertThat(version).isEqualTo(address.equals("::1") ? 6 : 4);
              assertThat(message.payloadLength()).isEqualTo(version == 4 ? 33 : 53);
              verdicts.add(message.packetId(), true, 0x4b);
              queue.send(verdicts);
            }
            assertThat(queue.refusedVerdicts()).isZero();
          }
        });
  }
}
