package knockgate.rules;

import java.util.Locale;

/** The transport protocols that a door can protect or a knock can use. */
public enum Protocol {
  /** TCP, IP protocol 6; numbers are ports. */
  TCP,
  /** UDP, IP protocol 17; numbers are ports. */
  UDP,
  /** ICMP or ICMPv6 echo requests; the number is the payload's length in bytes. */
  ICMP;

  /** The name as a policy writes it: {@code tcp}, {@code udp} or {@code icmp}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
