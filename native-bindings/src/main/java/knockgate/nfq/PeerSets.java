package knockgate.nfq;

import knockgate.nfq.PeerSet.Outcome;
import knockgate.nfq.PeerSet.SetNames;

/** The {@link PeerSet}s of both families, as one lane writes them. Used by one thread. */
public final class PeerSets implements AutoCloseable {
  private final PeerSet v4;
  private final PeerSet v6;
  private Outcome outcomeV4 = Outcome.WRITTEN;
  private Outcome outcomeV6 = Outcome.WRITTEN;

  private PeerSets(PeerSet v4, PeerSet v6) {
    this.v4 = v4;
    this.v6 = v6;
  }

  /**
   * Opens both.
   *
   * @param most peers of one send
   * @throws NativeException when there is no socket
   */
  public static PeerSets open(SetNames v4, SetNames v6, int most) throws NativeException {
    PeerSet first = PeerSet.open(v4, most);
    try {
      return new PeerSets(first, PeerSet.open(v6, most));
    } catch (NativeException e) {
      first.close();
      throw e;
    }
  }

  /** One of the two. */
  public PeerSet of(boolean isV4) {
    return isV4 ? v4 : v6;
  }

  /**
   * Writes what was added to either.
   *
   * @param nowMs monotonic milliseconds
   * @param seconds how long an attempt may go on without another knock, rounded up
   */
  public void send(long nowMs, int seconds) {
    outcomeV4 = v4.send(nowMs, seconds);
    outcomeV6 = v6.send(nowMs, seconds);
  }

  /** How the last send ended for a family. */
  public Outcome outcome(boolean isV4) {
    return isV4 ? outcomeV4 : outcomeV6;
  }

  @Override
  public void close() {
    v4.close();
    v6.close();
  }
}
