package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traffic against the real kernel, each test in a network namespace of its own. */
class QueueSocketIT {
  private static final int QUEUE = 7;
  private static final int MARK = 0x4b;
  private static final int COPY_RANGE = 256;
  private static final QueueOptions OPTIONS =
      new QueueOptions(QUEUE, 4096, false, COPY_RANGE, QueueOptions.receiveBufferFor(4096));
  private static final String QUEUE_UDP = "INPUT -p udp -j NFQUEUE --queue-num 7";

  private final ReceiveBatch batch = new ReceiveBatch(64, ReceiveBatch.slotBytesFor(COPY_RANGE));
  private final VerdictBatch verdicts = new VerdictBatch(QUEUE, 64);

  @Test
  void acceptsDropsAndMarksBothFamiliesThroughOneQueue() throws Exception {
    Namespace.run(
        () -> {
          Namespace.rule("queued", "mangle", QUEUE_UDP);
          Namespace.rule("marked", "filter", "INPUT -p udp -m mark --mark 0x4b");
          Namespace.rule("accepted", "filter", "INPUT -p udp");
          try (QueueSocket queue = QueueSocket.open(OPTIONS)) {
            for (String address : Udp.LOOPBACKS) {
              for (int port = 4000; port < 4060; port++) {
                Udp.send(address, port, 1, 20);
              }
            }
            judge(queue, 120);
            assertThat(queue.refusedVerdicts()).isZero();
          }
          for (String tool : new String[] {"iptables", "ip6tables"}) {
            assertThat(Namespace.packets(tool, "queued")).isEqualTo(60);
            assertThat(Namespace.packets(tool, "accepted")).as("of %s", tool).isEqualTo(40);
            assertThat(Namespace.packets(tool, "marked")).as("of %s", tool).isEqualTo(20);
          }
        });
  }

  /** By destination port modulo 3: drop, accept, accept with mark. Ids must come in order. */
  private void judge(QueueSocket queue, int packets) throws NativeException {
    for (int seen = 0; seen < packets; ) {
      int count = queue.receive(batch);
      for (int i = 0; i < count; i++) {
        PacketMessage message = batch.message(i);
        assertThat(message.packetId()).isEqualTo(++seen);
        int port = Udp.destinationPort(message);
        if (port % 3 == 2) {
          verdicts.add(message.packetId(), true, MARK);
        } else {
          verdicts.add(message.packetId(), port % 3 == 1);
        }
      }
      queue.send(verdicts);
      assertThat(verdicts.count()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void acceptedSynConnects(String address) throws Exception {
    Namespace.run(
        () -> {
          Namespace.rule("syn", "mangle", "INPUT -p tcp --syn -j NFQUEUE --queue-num 7");
          try (QueueSocket queue = QueueSocket.open(OPTIONS);
              ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(address));
              Socket client = new Socket()) {
            CompletableFuture<Void> connected = connect(client, server);
            assertThat(queue.receive(batch)).isOne();
            assertThat(connected).isNotDone();
            verdicts.add(batch.message(0).packetId(), true);
            queue.send(verdicts);
            assertThat(connected).succeedsWithin(5, TimeUnit.SECONDS);
          }
        });
  }

  private static CompletableFuture<Void> connect(Socket client, ServerSocket server) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            client.connect(
                new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 5000);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> new Thread(task, "client").start());
  }

  @Test
  void steadyStateAllocatesNothing() throws Exception {
    Namespace.run(
        () -> {
          Namespace.rule("queued", "mangle", QUEUE_UDP);
          ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
          try (QueueSocket queue = QueueSocket.open(OPTIONS)) {
            flood(queue, 10_000);
            threads.getCurrentThreadAllocatedBytes();
            Future<?> sender = sendLater(20_000);
            long before = threads.getCurrentThreadAllocatedBytes();
            drop(queue, 20_000);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            sender.get();
            assertThat(allocated).as("bytes for 20,000 packets").isLessThan(1024);
            assertThat(queue.overruns()).isZero();
          }
        });
  }

  private void flood(QueueSocket queue, int packets) throws Exception {
    Future<?> sender = sendLater(packets);
    drop(queue, packets);
    sender.get();
  }

  /** From a thread that this one starts, and so in the same namespace. */
  private static Future<?> sendLater(int packets) {
    ExecutorService sender = Executors.newSingleThreadExecutor();
    Future<?> sent =
        sender.submit(
            () -> {
              // In portions that the queue can hold whole.
              for (int i = 0; i < packets; i += 1000) {
                Udp.send("127.0.0.1", 4000, 1000, 20);
                Thread.sleep(2);
              }
              return null;
            });
    sender.shutdown();
    return sent;
  }

  private void drop(QueueSocket queue, int packets) throws NativeException {
    for (int seen = 0; seen < packets; ) {
      int count = queue.receive(batch);
      for (int i = 0; i < count; i++) {
        verdicts.add(batch.message(i).packetId(), false);
      }
      queue.send(verdicts);
      seen += count;
    }
  }

  @Test
  void idleReaderSleepsUntilItIsWoken() throws Exception {
    Namespace.run(
        () -> {
          try (QueueSocket queue = QueueSocket.open(OPTIONS)) {
            CompletableFuture<Path> task = new CompletableFuture<>();
            CompletableFuture<Integer> result = new CompletableFuture<>();
            Thread reader = new Thread(() -> read(queue, task, result), "reader");
            reader.start();
            Path status = task.get().resolve("status");
            Thread.sleep(300);
            String asleep = switches(status);
            Thread.sleep(700);
            assertThat(switches(status)).as("context switches while idle").isEqualTo(asleep);
            assertThat(result).isNotDone();

            queue.wake();

            assertThat(result).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo(0);
            reader.join();
            assertThat(queue.refusedVerdicts()).isZero();
            assertThat(queue.interruptions()).isZero();
          }
        });
  }

  private void read(
      QueueSocket queue, CompletableFuture<Path> task, CompletableFuture<Integer> result) {
    try {
      task.complete(Path.of("/proc").resolve(Files.readSymbolicLink(Path.of("/proc/thread-self"))));
      result.complete(queue.receive(batch));
    } catch (IOException | NativeException e) {
      task.completeExceptionally(e);
      result.completeExceptionally(e);
    }
  }

  private static String switches(Path status) throws IOException {
    return Files.readString(status)
        .lines()
        .filter(line -> line.contains("ctxt_switches"))
        .toList()
        .toString();
  }

  @Test
  void wakeBeforeTheWaitIsNotLost() throws Exception {
    Namespace.run(
        () -> {
          try (QueueSocket queue = QueueSocket.open(OPTIONS)) {
            queue.wake();
            assertThat(queue.receive(batch)).isZero();
          }
        });
  }

  @Test
  void verdictForNobodyIsCounted() throws Exception {
    Namespace.run(
        () -> {
          try (QueueSocket queue = QueueSocket.open(OPTIONS)) {
            verdicts.add(12_345, true);
            verdicts.add(12_346, true, MARK);
            queue.send(verdicts);
            queue.wake();
            assertThat(queue.receive(batch)).isZero();
            assertThat(queue.refusedVerdicts()).isEqualTo(2);
          }
        });
  }

  @Test
  void slotThatIsTooSmallLosesThePayloadButNotTheVerdict() throws Exception {
    Namespace.run(
        () -> {
          Namespace.rule("queued", "mangle", QUEUE_UDP);
          try (QueueSocket queue = QueueSocket.open(OPTIONS);
              DatagramSocket receiver = new DatagramSocket(4000)) {
            Udp.send("127.0.0.1", 4000, 1, 200);
            ReceiveBatch tight = new ReceiveBatch(4, 128);
            assertThat(queue.receive(tight)).isOne();
            assertThat(queue.truncatedMessages()).isOne();
            assertThat(tight.message(0).payloadLength()).isZero();
            verdicts.add(tight.message(0).packetId(), true);
            queue.send(verdicts);
            assertThat(Udp.waiting(receiver)).isOne();
          }
        });
  }

  @Test
  void copyRangeCutsThePacketAndKeepsItsLength() throws Exception {
    Namespace.run(
        () -> {
          Namespace.rule("queued", "mangle", QUEUE_UDP);
          try (QueueSocket queue = QueueSocket.open(OPTIONS)) {
            Udp.send("127.0.0.1", 4000, 1, 1000);
            assertThat(queue.receive(batch)).isOne();
            PacketMessage message = batch.message(0);
            assertThat(message.payloadLength()).isEqualTo(COPY_RANGE);
            assertThat(message.originalLength()).isEqualTo(1028);
            assertThat(message.isTruncated()).as("the message itself is whole").isFalse();
          }
        });
  }

  @Test
  void closeGivesTheQueueUpAndTwiceIsHarmless() throws Exception {
    Namespace.run(
        () -> {
          QueueSocket queue = QueueSocket.open(OPTIONS);
          assertThat(QueueStatistics.read())
              .singleElement()
              .satisfies(
                  line -> {
                    assertThat(line.queue()).isEqualTo(QUEUE);
                    assertThat(line.portId()).isEqualTo(queue.portId());
                    assertThat(line.copyMode()).isEqualTo(2);
                    assertThat(line.copyRange()).isEqualTo(COPY_RANGE);
                  });
          queue.close();
          queue.close();
          queue.wake();
          assertThat(QueueStatistics.read()).isEmpty();
          assertThatThrownBy(() -> queue.receive(batch)).isInstanceOf(IllegalStateException.class);
          verdicts.add(1, true);
          assertThatThrownBy(() -> queue.send(verdicts)).isInstanceOf(IllegalStateException.class);
        });
  }
}
