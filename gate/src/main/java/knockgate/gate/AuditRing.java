package knockgate.gate;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import knockgate.gate.fault.FaultLog;
import knockgate.gate.process.Backstage;
import knockgate.rules.MessageReport;
import knockgate.rules.Packet;
import knockgate.rules.SealedMessage;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/**
 * From the lanes to the one thread that writes events. Whoever publishes never waits: when the ring
 * is full, the event is lost and counted. The writer sleeps until there is something to write, so
 * packets that nobody wants to read of wake nobody. It stands back for those who decide: under a
 * flood every event would take the one processor of a small machine from them, just when others
 * connect.
 */
final class AuditRing implements AutoCloseable {
  /** Events that may wait: about a second of a busy writer. */
  static final int SIZE = 4096;

  private static final long FULL = -1;

  private final RingBuffer<AuditRecord> ring =
      RingBuffer.createMultiProducer(AuditRecord::new, SIZE, new BlockingWaitStrategy());
  private final BatchEventProcessor<AuditRecord> processor;
  private final Thread thread;
  private final AtomicLong lost = new AtomicLong();

  /** A ring read by that handler on a thread of its own, once started. */
  AuditRing(EventHandler<AuditRecord> handler, FaultLog faults) {
    processor = new BatchEventProcessorBuilder().build(ring, ring.newBarrier(), handler);
    processor.setExceptionHandler(new FaultLog.OfRing<>(faults, "write event"));
    ring.addGatingSequences(processor.getSequence());
    thread = new Thread(Backstage.standingBack(processor), "audit");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Tells the verdict on a packet; false = lost. */
  boolean tellVerdict(Packet packet, long epochMs) {
    long sequence = claim();
    if (sequence == FULL) {
      return false;
    }
    try {
      ring.get(sequence).verdictOn(packet, epochMs);
    } finally {
      ring.publish(sequence);
    }
    return true;
  }

  /** Tells one note of a packet; false = lost. */
  boolean tellNote(Packet packet, int note, long epochMs) {
    long sequence = claim();
    if (sequence == FULL) {
      return false;
    }
    try {
      ring.get(sequence).noteOf(packet, note, epochMs);
    } finally {
      ring.publish(sequence);
    }
    return true;
  }

  /**
   * Tells what happened to a grant without a packet; false = lost.
   *
   * @param millis how long the grant has left; -1 = no time belongs to it
   * @param by the user who did it; null = nobody's hand
   */
  boolean tellGrant(
      long epochMs,
      Reason reason,
      String door,
      long hi,
      long lo,
      int length,
      long millis,
      @Nullable String by) {
    long sequence = claim();
    if (sequence == FULL) {
      return false;
    }
    try {
      ring.get(sequence).grantEvent(epochMs, reason, door, hi, lo, length, millis, by);
    } finally {
      ring.publish(sequence);
    }
    return true;
  }

  /**
   * Tells what became of a message that its packet did not wait for; false = lost.
   *
   * @param millis how long its grant lasts; -1 = none was given
   */
  boolean tellMessage(
      long epochMs,
      Reason reason,
      String door,
      SealedMessage message,
      long millis,
      @Nullable MessageReport report) {
    long sequence = claim();
    if (sequence == FULL) {
      return false;
    }
    try {
      ring.get(sequence).messageEvent(epochMs, reason, door, message, millis, report);
    } finally {
      ring.publish(sequence);
    }
    return true;
  }

  /** The exception is a constant without a trace, so this allocates nothing. */
  private long claim() {
    try {
      return ring.tryNext();
    } catch (InsufficientCapacityException e) {
      lost.getAndIncrement();
      return FULL;
    }
  }

  /** Events lost since the start because the writer was too slow. */
  long lost() {
    return lost.get();
  }

  /** Events that wait to be written. */
  long waiting() {
    return ring.getCursor() - processor.getSequence().get();
  }

  /** Lets the writer finish what is there, for a second at most, and ends it. */
  @Override
  public void close() {
    long deadline = System.nanoTime() + 1_000_000_000L;
    while (waiting() > 0 && thread.isAlive() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
    processor.halt();
  }
}
