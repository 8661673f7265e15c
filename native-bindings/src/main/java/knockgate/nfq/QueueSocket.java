package knockgate.nfq;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import jnr.constants.platform.Errno;
import jnr.ffi.Pointer;
import knockgate.nfq.NativeException.Kind;

/**
 * One NFQUEUE: packets come out, verdicts go in. It alone sees errno.
 *
 * <p>Two threads may use it at once, one in {@link #receive} and one in {@link #send}; {@link
 * #wake}, {@link #close} and the counters are for any thread. Neither receive nor send allocates.
 *
 * <p>ENOBUFS is left visible (no NETLINK_NO_ENOBUFS): it is the cheap sign that the receive buffer
 * is too small. The kernel then refuses packets until the socket has been read empty, which costs
 * the same throughput as refusing every packet that finds no room. How many were lost, {@link
 * QueueStatistics#userDropped} tells; with fail-open they were accepted instead.
 */
public final class QueueSocket implements AutoCloseable {
  private static final int EINTR = Errno.EINTR.intValue();
  private static final int EAGAIN = Errno.EAGAIN.intValue();
  private static final int ENOBUFS = Errno.ENOBUFS.intValue();
  private static final int ENOMEM = Errno.ENOMEM.intValue();

  /** A kernel that is short of memory gets 50 times 100 us to find some: less than a TCP retry. */
  private static final int SEND_TRIES = 50;

  private static final long SEND_PAUSE_NS = 100_000;

  private final NativeLibraries libraries;
  private final LibC c;
  private final QueueSetup.Opened opened;
  private final int fd;
  private final int number;
  private final ByteBuffer noop = ConfigMessage.noop();
  private final long noopAddress;
  private final ByteBuffer ask;
  private final ByteBuffer bind;
  private volatile boolean closed;

  private final SingleWriterCounter overruns = new SingleWriterCounter();
  private final SingleWriterCounter interruptions = new SingleWriterCounter();
  private final SingleWriterCounter truncated = new SingleWriterCounter();
  private final SingleWriterCounter refused = new SingleWriterCounter();
  private final SingleWriterCounter malformed = new SingleWriterCounter();
  private final SingleWriterCounter answers = new SingleWriterCounter();
  private volatile int answer;

  /** Not of one writer: wake sends too. */
  private final AtomicLong retriedSends = new AtomicLong();

  private QueueSocket(NativeLibraries libraries, QueueSetup.Opened opened, QueueOptions options) {
    this.libraries = libraries;
    this.c = libraries.c();
    this.opened = opened;
    fd = opened.fd();
    number = options.number();
    ask = ConfigMessage.ask(options);
    bind = ConfigMessage.bind(options);
    noopAddress = Pointer.wrap(libraries.runtime(), noop).address();
  }

  /**
   * Binds a queue. Packets wait in it from now on. Open it before making batches: they need the
   * native libraries too, and here it is explained what is wrong with those.
   *
   * @throws NativeException of a kind: PERMISSION without CAP_NET_ADMIN, BUSY when another socket
   *     has the queue, MISSING_LIBRARY, UNSUPPORTED, OTHER; nothing stays open then
   */
  public static QueueSocket open(QueueOptions options) throws NativeException {
    NativeLibraries libraries = NativeLibraries.get();
    return new QueueSocket(libraries, QueueSetup.open(libraries, options), options);
  }

  /**
   * Waits, without a timeout, until a message is there; then takes all that are, up to the batch's
   * capacity. The packets among them are read and in order in the batch; each needs a verdict.
   *
   * @return how many packets; 0 after {@link #wake}, a signal or an overrun
   * @throws NativeException when the socket is of no use any more
   */
  public int receive(ReceiveBatch batch) throws NativeException {
    requireOpen();
    countAnswers(batch);
    int received;
    try {
      received = c.recvmmsg(fd, batch.address(), batch.capacity(), Netlink.MSG_WAITFORONE, 0);
    } finally {
      Reference.reachabilityFence(batch);
    }
    if (received < 0) {
      countOrThrow(libraries.errno());
      return 0;
    }
    int packets = batch.wrap(received);
    if (packets != received) {
      refused.add(batch.refused());
      malformed.add(batch.malformed());
    }
    if (batch.truncated() != 0) {
      truncated.add(batch.truncated());
    }
    return packets;
  }

  /** Not before the reader is back: now all packets before the answer are out of its hands. */
  private void countAnswers(ReceiveBatch batch) {
    int count = batch.takeAnswers();
    if (count > 0) {
      answer = batch.answer();
      answers.add(count);
    }
  }

  private void countOrThrow(int errno) throws NativeException {
    if (errno == ENOBUFS) {
      overruns.add(1);
      lookAgain();
    } else if (errno == EINTR || errno == EAGAIN) {
      interruptions.add(1);
    } else {
      throw failed("receive from", errno);
    }
  }

  /**
   * After an overrun the kernel refuses packets until a read finds the socket empty. recvmmsg
   * reports the overrun without a read (net/socket.c, do_recvmmsg), so if the socket was emptied
   * just before, the next call would wait for ever on a socket that refuses everything. A peek is a
   * read. (Follows from the source; never seen to happen.)
   */
  private void lookAgain() {
    c.recv(fd, noopAddress, 0, Netlink.MSG_PEEK | Netlink.MSG_DONTWAIT);
  }

  /**
   * Hands all verdicts to the kernel in one call and empties the batch. Each accepted packet runs
   * on through the stack within this call. A verdict that the kernel refuses (its packet is gone)
   * comes back among the packets and is counted by {@link #refusedVerdicts}.
   *
   * @throws NativeException when the kernel did not take them, after some tries where memory was
   *     short; the batch is left as it was
   */
  public void send(VerdictBatch verdicts) throws NativeException {
    if (verdicts.count() == 0) {
      return;
    }
    requireOpen();
    try {
      transmit(verdicts.address(), verdicts.bytes());
    } finally {
      Reference.reachabilityFence(verdicts);
    }
    verdicts.clear();
  }

  /**
   * Makes a thread that waits in {@link #receive} return, now or the next time it waits; with 0
   * unless packets came at the same moment. The request does nothing but ask for an
   * acknowledgement; that wakes the reader. So an idle queue needs no timer. If the socket has no
   * room for it, there is plenty to wake up for.
   *
   * @throws NativeException when the kernel did not take the request
   */
  public synchronized void wake() throws NativeException {
    if (!closed) {
      transmit(noopAddress, noop.capacity());
    }
  }

  /**
   * Asks the kernel whether this socket still has its queue. The answer comes to whoever is in
   * {@link #receive}, so it also says that somebody is; see {@link #answers}.
   *
   * @throws NativeException when the kernel did not take the request
   */
  public synchronized void ask() throws NativeException {
    request(ask);
  }

  /**
   * Binds the queue again, as it was, after it was lost; the packets in it were lost with it.
   * {@link #answers} tells how it went. First give all verdicts: the new queue counts from 1 again,
   * and a late verdict would meet a packet that nobody has judged.
   *
   * @throws NativeException when the kernel did not take the request
   */
  public synchronized void bindAgain() throws NativeException {
    request(bind);
  }

  private void request(ByteBuffer message) throws NativeException {
    if (!closed) {
      transmit(Pointer.wrap(libraries.runtime(), message).address(), message.capacity());
    }
  }

  /** Netlink takes a message whole or not at all, so there is no rest to send. */
  private void transmit(long address, int length) throws NativeException {
    for (int attempt = 1; c.send(fd, address, length, 0) < 0; attempt++) {
      int errno = libraries.errno();
      boolean shortOfMemory = errno == ENOBUFS || errno == ENOMEM || errno == EAGAIN;
      if ((!shortOfMemory && errno != EINTR) || attempt == SEND_TRIES) {
        throw failed("send to", errno);
      }
      retriedSends.incrementAndGet();
      if (shortOfMemory) {
        LockSupport.parkNanos(SEND_PAUSE_NS);
      }
    }
  }

  private NativeException failed(String verb, int errno) {
    return new NativeException(Kind.OTHER, verb + " queue " + number, errno, "");
  }

  /** A closed descriptor may already be somebody else's file. */
  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("queue " + number + " is closed");
    }
  }

  /**
   * Gives the queue up; the kernel drops what still waits in it. First wake the reader and let it
   * and the sender end: a descriptor must not be closed under a call. Twice is harmless.
   */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      libraries.queue().nfq_close(opened.handle());
    }
  }

  /** NFQUEUE number. */
  public int number() {
    return number;
  }

  /** Receive buffer that the kernel granted, in bytes as asked for (it books twice as much). */
  public int receiveBufferBytes() {
    return opened.receiveBufferBytes();
  }

  /** Netlink port of the socket, as {@link QueueStatistics} has it. */
  public long portId() {
    return opened.portId();
  }

  /** Answers to {@link #ask} and {@link #bindAgain} so far, known at the next receive. */
  public long answers() {
    return answers.get();
  }

  /** What the last of them said: 0 = the queue is ours; else the errno, such as ENODEV. */
  public int answer() {
    return answer;
  }

  /** How often the receive buffer was full (ENOBUFS), each time with one or more packets lost. */
  public long overruns() {
    return overruns.get();
  }

  /** How often a signal ended a wait (EINTR). */
  long interruptions() {
    return interruptions.get();
  }

  /** Messages that did not fit their slot; a packet among them comes without its payload. */
  public long truncatedMessages() {
    return truncated.get();
  }

  /**
   * Refusals of the kernel: a message each of {@link VerdictBatch} all of whose packets were gone,
   * with their interface perhaps. A sending thread that has lost CAP_NET_ADMIN gets one for a whole
   * batch.
   */
  public long refusedVerdicts() {
    return refused.get();
  }

  /** Messages that were neither packets nor answers. The kernel sends none. */
  public long malformedMessages() {
    return malformed.get();
  }

  /** How often a send was repeated because a signal came or the kernel was short of memory. */
  public long retriedSends() {
    return retriedSends.get();
  }
}
