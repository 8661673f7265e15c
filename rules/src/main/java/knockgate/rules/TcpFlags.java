package knockgate.rules;

/**
 * Which TCP packets are knocks: those with every flag of {@code set} and none of {@code clear}.
 *
 * @param set bits that must be 1, in the order of the header's byte 13 (RFC 9293, 3.1): FIN 0x01,
 *     SYN 0x02, RST 0x04, PSH 0x08, ACK 0x10, URG 0x20, ECE 0x40, CWR 0x80
 * @param clear bits that must be 0
 */
public record TcpFlags(int set, int clear) {
  public static final int FIN = 0x01;
  public static final int SYN = 0x02;
  public static final int RST = 0x04;
  public static final int PSH = 0x08;
  public static final int ACK = 0x10;
  public static final int URG = 0x20;
  public static final int ECE = 0x40;
  public static final int CWR = 0x80;

  /** Every TCP packet, as xt_pknock has it. */
  public static final TcpFlags ANY = new TcpFlags(0, 0);

  /** A SYN without ACK: the first packet of a connection. */
  public static final TcpFlags OPENING = new TcpFlags(SYN, ACK);

  /** Whether a header's flag byte fits. */
  public boolean matches(int flags) {
    return (flags & (set | clear)) == set;
  }
}
