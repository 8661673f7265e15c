package knockgate.gate;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.WaitStrategy;
import java.io.IOException;
import knockgate.gate.fault.FaultLog;
import knockgate.nfq.NativeException;
import knockgate.nfq.PacketMessage;
import knockgate.nfq.QueueSocket;
import knockgate.nfq.QueueStatistics;
import knockgate.nfq.ReceiveBatch;
import knockgate.nfq.Scheduling;
import knockgate.rules.Packet;
import knockgate.rules.PacketParser;
import knockgate.rules.policy.QueueSpec;
import org.jspecify.annotations.Nullable;

/**
 * One queue: its socket, its ring and its threads. The reader takes a batch of messages from the
 * kernel, parses each into the next slot and publishes them at once; the {@link VerdictHandler}
 * decides and answers.
 *
 * <p>Two arrangements of the same ring, slots and handler. Joined: the reader thread itself runs
 * the handler on what it has just published; no second wake-up, the better choice where processors
 * are few. Split: a gatekeeper thread runs it, and the reader fetches the next batch meanwhile.
 *
 * <p>A full ring blocks the reader; then the kernel's queue fills, and the policy says what
 * happens.
 */
final class Lane {
  /** Messages per system call; more gained nothing. */
  static final int BATCH = 64;

  /**
   * Slots: room for a burst while the gatekeeper sends; small enough for the second-level cache.
   */
  private static final int RING_JOINED = BATCH;

  private static final int RING_SPLIT = 512;

  /** Processors per lane from which a second thread has one of its own. */
  private static final int PROCESSORS_FOR_SPLIT = 4;

  /**
   * For the joined ring: its one consumer is its producer, so nobody ever waits, and publishing
   * need not look for somebody to wake under a lock.
   */
  private static final WaitStrategy NOBODY_WAITS = new BusySpinWaitStrategy();

  private final QueueSocket socket;
  private final VerdictHandler handler;
  private final Clocks clocks;
  private final FaultLog faults;
  private final Runnable giveUp;
  private final ReceiveBatch batch;
  private final RingBuffer<Packet> ring;
  private final @Nullable EventPoller<Packet> poller;
  private final EventPoller.Handler<Packet> polled;
  private final @Nullable BatchEventProcessor<Packet> processor;
  private final Thread reader;
  private @Nullable Thread gatekeeper;
  private volatile boolean stopping;

  /** Which arrangement a policy gets: the one it names, or the better one for this machine. */
  static boolean isSplit(QueueSpec queue) {
    int processors = Runtime.getRuntime().availableProcessors();
    return queue.threads() == 2
        || (queue.threads() == 0 && processors >= PROCESSORS_FOR_SPLIT * queue.count());
  }

  /**
   * A lane that does not run yet.
   *
   * @param copyRange bytes of each packet that the queue copies
   * @param split whether reader and gatekeeper are two threads
   * @param giveUp called once from a lane thread when the lane cannot go on
   */
  Lane(
      QueueSocket socket,
      int copyRange,
      boolean split,
      VerdictHandler handler,
      Clocks clocks,
      FaultLog faults,
      Runnable giveUp) {
    this.socket = socket;
    this.handler = handler;
    this.clocks = clocks;
    this.faults = faults;
    this.giveUp = giveUp;
    batch = new ReceiveBatch(BATCH, ReceiveBatch.slotBytesFor(copyRange));
    ring = split ? ring(RING_SPLIT, new BlockingWaitStrategy()) : ring(RING_JOINED, NOBODY_WAITS);
    poller = split ? null : ring.newPoller();
    polled =
        (packet, sequence, endOfBatch) -> {
          handler.onEvent(packet, sequence, endOfBatch);
          return true;
        };
    processor =
        split ? new BatchEventProcessorBuilder().build(ring, ring.newBarrier(), handler) : null;
    if (poller != null) {
      ring.addGatingSequences(poller.getSequence());
    }
    if (processor != null) {
      // what the handler lets out leaves it in the middle of a batch: it is of no use any more
      processor.setExceptionHandler(new FaultLog.OfRing<>(faults, "gatekeeper", giveUp));
      ring.addGatingSequences(processor.getSequence());
    }
    reader = new Thread(this::read, "lane-" + socket.number());
  }

  private static RingBuffer<Packet> ring(int size, WaitStrategy waiting) {
    return RingBuffer.createSingleProducer(Packet::new, size, waiting);
  }

  void start() {
    BatchEventProcessor<Packet> second = processor;
    if (second != null) {
      gatekeeper = new Thread(() -> decide(second), "gatekeeper-" + socket.number());
      gatekeeper.start();
    }
    reader.start();
  }

  private void decide(BatchEventProcessor<Packet> second) {
    comeSoon();
    second.run();
  }

  /** A verdict should not wait until whoever else computes here has used up a time slice. */
  private void comeSoon() {
    try {
      Scheduling.shortenSlices();
    } catch (NativeException e) {
      faults.record("time slice", e);
    }
  }

  private void read() {
    comeSoon();
    try {
      while (!stopping) {
        int count = socket.receive(batch);
        if (count > 0) {
          publish(count);
        }
      }
    } catch (Throwable e) { // an Error too: nobody else reads this queue
      faults.record("lane " + socket.number(), e);
      giveUp.run();
    }
  }

  private void publish(int count) throws Exception {
    long readNs = clocks.nowNs();
    long last = ring.next(count);
    long first = last - count + 1;
    try {
      for (int i = 0; i < count; i++) {
        fill(ring.get(first + i), batch.message(i), readNs);
      }
    } finally {
      ring.publish(first, last);
    }
    if (poller != null) {
      poller.poll(polled);
    }
  }

  private static void fill(Packet packet, PacketMessage message, long readNs) {
    packet.readNs = readNs;
    packet.id = message.packetId();
    packet.arrivalMark = message.mark();
    PacketParser.parse(message.buffer(), message.payloadOffset(), message.payloadLength(), packet);
  }

  VerdictHandler handler() {
    return handler;
  }

  /** What the socket and the ring say. Any thread. */
  LaneReading reading() {
    return new LaneReading(
        socket.number(),
        socket.portId(),
        socket.overruns(),
        socket.truncatedMessages(),
        socket.refusedVerdicts(),
        socket.retriedSends(),
        socket.malformedMessages(),
        socket.receiveBufferBytes(),
        ring.getBufferSize() - ring.remainingCapacity(),
        ring.getBufferSize(),
        kernelReading());
  }

  private LaneReading.@Nullable Kernel kernelReading() {
    try {
      for (QueueStatistics queue : QueueStatistics.read()) {
        if (queue.queue() == socket.number() && queue.portId() == socket.portId()) {
          return new LaneReading.Kernel(queue.waiting(), queue.queueDropped(), queue.userDropped());
        }
      }
      return null;
    } catch (IOException notForUs) {
      return null;
    }
  }

  /** NFQUEUE number. */
  int number() {
    return socket.number();
  }

  /** Asks the kernel whether the queue is still ours; {@link #answers} counts its answers. */
  void ask() throws NativeException {
    socket.ask();
  }

  /** Binds the queue again after it was lost. */
  void bindAgain() throws NativeException {
    socket.bindAgain();
  }

  /** Answers of the kernel that the reader has read. Any thread. */
  long answers() {
    return socket.answers();
  }

  /** What the last of them said: 0 = the queue is ours, else an errno. Any thread. */
  int answer() {
    return socket.answer();
  }

  /** Place in the ring of the last packet that was read. Any thread. */
  long lastRead() {
    return ring.getCursor();
  }

  /** Place in the ring of the last packet that got its verdict. Any thread. */
  long lastDecided() {
    return processor != null ? processor.getSequence().get() : ring.getMinimumGatingSequence();
  }

  /** Answers what is in the ring, ends the threads and gives the queue up. Twice is harmless. */
  void stop() throws InterruptedException {
    stopping = true;
    try {
      socket.wake();
    } catch (NativeException e) {
      faults.record("wake lane " + socket.number(), e);
    }
    join(reader);
    Thread second = gatekeeper;
    if (processor != null && second != null) {
      while (second.isAlive() && processor.getSequence().get() < ring.getCursor()) {
        Thread.sleep(1);
      }
      processor.halt();
      join(second);
    }
    socket.close();
  }

  private static void join(Thread thread) throws InterruptedException {
    if (thread != Thread.currentThread() && thread.isAlive()) {
      thread.join();
    }
  }
}
