package knockgate.nfq;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.constants.platform.Errno;
import jnr.ffi.Pointer;
import knockgate.nfq.NativeException.Kind;

/**
 * A kernel set (ipset, hash:ip with timeouts) of the peers whose every packet the gate must see;
 * the queue rule takes packets to ports that mean nothing from those peers only.
 *
 * <p>Beside it stands a second one, "everyone" (hash:net), which is empty as a rule. When the first
 * has no room left, all addresses are put into the second for as long as an attempt may last: so
 * the filter fails towards the plain rules, and a flood of forged first knocks can make the gate
 * see more, never less. While that lasts and is fresh, nothing is written at all, or each forged
 * knock would make the kernel search a full set for room (mtype_add and mtype_gc_do in
 * net/netfilter/ipset/ip_set_hash_gen.h): some 40 us, against 4 us for one peer and 0.8 us each for
 * 64 of them where there is room.
 *
 * <p>Entries are never taken out. They end by their timeout, which is all that an attempt could
 * still last; until then a peer that has ended its attempt costs only its own packets' way through
 * the queue, while taking it out would need to know that no other attempt of it is alive.
 *
 * <p>A set that does not exist is no fault: no rule can name it, so the rules are the plain ones
 * and every packet comes to the gate. Used by one thread; allocates nothing after it was opened.
 */
public final class PeerSet implements AutoCloseable {
  /** How a send ended. */
  public enum Outcome {
    /** All peers are in the set, or everyone is. */
    WRITTEN,
    /** The set was full: everyone was let into the queue. */
    OPENED,
    /** There is no such set, or this kernel has none at all: so there is no rule that asks it. */
    MISSING,
    /** Neither the peers nor everyone could be put in: wrong knocks may pass unseen. */
    FAILED
  }

  /** How long "everyone", once written, spares us further tries. */
  private static final int FRESH_SECONDS = 1;

  /** A timeout counts whole seconds; no entry may end before the attempt it stands for. */
  private static final int MARGIN_SECONDS = 1;

  private static final int EAGAIN = Errno.EAGAIN.intValue();
  private static final int EINTR = Errno.EINTR.intValue();
  private static final int ENOBUFS = Errno.ENOBUFS.intValue();

  private static final long BROADCAST = 0xffff_ffffL;
  private static final long ALL_NODES_HI = 0xff02L << 48;

  /** Halves of the address space: a set of prefixes takes none of length 0. */
  private static final int HALF = 1;

  /** The error messages of a batch of 64 that was refused whole, each with its request in it. */
  private static final int ANSWER_BYTES = 16 * 1024;

  private final NativeLibraries libraries;
  private final LibCSockets sockets;
  private final int fd;
  private final String name;
  private final boolean v4;
  private final SetBatch peers;
  private final SetBatch everyone;
  private final ByteBuffer answer;
  private final PacketMessage message;
  private final long answerAddress;

  /** Until then everyone is in the queue for at least {@link #freshFor} seconds more. */
  private long freshUntilMs = Long.MIN_VALUE;

  private int freshFor;
  private int lastErrno;

  private PeerSet(
      NativeLibraries libraries, LibCSockets sockets, int fd, SetNames names, int most) {
    this.libraries = libraries;
    this.sockets = sockets;
    this.fd = fd;
    this.name = names.peers();
    this.v4 = names.v4();
    this.peers = new SetBatch(names.peers(), v4, most);
    this.everyone = new SetBatch(names.everyone(), v4, 2);
    this.answer = ByteBuffer.allocateDirect(ANSWER_BYTES).order(ByteOrder.nativeOrder());
    this.message = new PacketMessage(answer, answer.duplicate(), 0);
    this.answerAddress = Pointer.wrap(libraries.runtime(), answer).address();
  }

  /**
   * The names of one family's two sets, which somebody else has made.
   *
   * @param v4 whether they hold IPv4 addresses; otherwise IPv6
   * @param peers the set of peers, hash:ip with a timeout
   * @param everyone the set that opens the filter, hash:net with a timeout
   */
  public record SetNames(boolean v4, String peers, String everyone) {}

  /**
   * Opens a socket to the kernel's sets.
   *
   * @param most peers of one send
   * @throws NativeException when there is no socket
   */
  public static PeerSet open(SetNames names, int most) throws NativeException {
    NativeLibraries libraries = NativeLibraries.get();
    LibCSockets sockets = NativeLibraries.loadC(LibCSockets.class);
    int type = Netlink.SOCK_RAW | Netlink.SOCK_CLOEXEC;
    int fd = sockets.socket(Netlink.AF_NETLINK, type, Netlink.NETLINK_NETFILTER);
    if (fd < 0) {
      throw new NativeException(Kind.OTHER, "open a socket for kernel sets", libraries.errno(), "");
    }
    return new PeerSet(libraries, sockets, fd, names, most);
  }

  /**
   * Finds out whether the sets can be written, by writing an address to the first for a second from
   * which no packet comes (broadcast, all nodes): there is no surer way. A set of prefixes refuses
   * an address whose prefix is all zero, as that of ::1 is.
   *
   * @return WRITTEN, OPENED or MISSING
   * @throws NativeException PERMISSION, or OTHER when a set of that name is of another kind
   */
  public Outcome probe() throws NativeException {
    peers.add(ALL_NODES_HI, v4 ? BROADCAST : 1, MARGIN_SECONDS);
    Outcome outcome = send(0, MARGIN_SECONDS);
    freshUntilMs = Long.MIN_VALUE;
    if (outcome == Outcome.FAILED) {
      throw refused();
    }
    return outcome;
  }

  /**
   * Lets everyone in, because attempts may be under way of which the set does not know.
   *
   * @param seconds how long an attempt may go on without another knock, rounded up
   * @return OPENED, MISSING or FAILED
   */
  public Outcome letEveryoneIn(int seconds) {
    Outcome outcome = letEveryoneIn(0, seconds);
    freshUntilMs = Long.MIN_VALUE; // whoever asks for this puts nobody in
    return outcome == Outcome.FAILED && isNoSet(lastErrno) ? Outcome.MISSING : outcome;
  }

  /**
   * Puts a peer in, with the next send.
   *
   * @param hi its address as the gate keeps it, first half; counts for IPv6 only
   * @param lo second half
   */
  public void add(long hi, long lo, long nowMs, int seconds) {
    if (nowMs >= freshUntilMs || seconds > freshFor) {
      peers.add(hi, lo, seconds + MARGIN_SECONDS);
    }
  }

  /**
   * Writes what was added; it is in the set when this returns.
   *
   * @param nowMs monotonic milliseconds
   * @param seconds how long an attempt may go on without another knock, rounded up
   */
  public Outcome send(long nowMs, int seconds) {
    if (peers.count() == 0) {
      return Outcome.WRITTEN;
    }
    int error = write(peers);
    if (error == 0) {
      return Outcome.WRITTEN;
    }
    return isNoSet(error) ? Outcome.MISSING : letEveryoneIn(nowMs, seconds);
  }

  /** EINVAL comes from nfnetlink, where nobody serves sets: this kernel has none. */
  private static boolean isNoSet(int error) {
    return error == Errno.ENOENT.intValue() || error == Errno.EINVAL.intValue();
  }

  /**
   * For whatever reason a peer is not in: then everyone is, for as long as its attempt may last.
   */
  private Outcome letEveryoneIn(long nowMs, int seconds) {
    int lasting = seconds + FRESH_SECONDS + MARGIN_SECONDS;
    everyone.add(0, 0, HALF, lasting);
    everyone.add(v4 ? 0 : 1L << 63, v4 ? 1L << 31 : 0, HALF, lasting);
    if (write(everyone) != 0) {
      return Outcome.FAILED;
    }
    freshUntilMs = nowMs + FRESH_SECONDS * 1000L;
    freshFor = seconds;
    return Outcome.OPENED;
  }

  /** Sends a batch and empties it; 0, or the errno of a request that was refused. */
  private int write(SetBatch batch) {
    long sent = libraries.c().send(fd, batch.address(), batch.bytes(), 0);
    lastErrno = sent < 0 ? libraries.errno() : 0;
    batch.clear();
    if (sent >= 0) {
      readRefusals();
    }
    return lastErrno;
  }

  /**
   * The kernel works in our send call, so what it refused is there already. All of it is read, or
   * it would count for the next batch: ENOBUFS says that some found no room, and others are behind.
   */
  private void readRefusals() {
    int errno = 0;
    while (errno == 0 || errno == ENOBUFS) {
      long length = libraries.c().recv(fd, answerAddress, ANSWER_BYTES, Netlink.MSG_DONTWAIT);
      errno = length < 0 ? libraries.errno() : 0;
      if (length >= 0) {
        message.wrap((int) length, true);
        lastErrno = message.isError() && message.error() != 0 ? message.error() : lastErrno;
      } else if (errno != EAGAIN && errno != EINTR) {
        lastErrno = errno;
      }
    }
  }

  /** For tests that make its room small. */
  int fd() {
    return fd;
  }

  private NativeException refused() {
    Errno errno = Errno.valueOf(lastErrno);
    boolean forbidden = errno == Errno.EPERM || errno == Errno.EACCES;
    return new NativeException(
        forbidden ? Kind.PERMISSION : Kind.OTHER,
        "write to the kernel set " + name,
        lastErrno,
        forbidden
            ? "needs CAP_NET_ADMIN"
            : "it is of another kind, or its companion is missing: knockgate rules --apply makes"
                + " both anew");
  }

  @Override
  public void close() {
    sockets.close(fd);
  }
}
