package knockgate.rules.words;

import java.util.List;
import java.util.Locale;

/** The transport protocols that a door can protect or a knock can use. */
public enum Protocol {
  /** TCP, IP protocol 6; numbers are ports. */
  TCP(0),
  /** UDP, IP protocol 17; numbers are ports. */
  UDP(1),
  /** ICMP or ICMPv6 echo requests; the number is the payload's length in bytes. */
  ICMP(2);

  /** How many there are. */
  public static final int COUNT = 3;

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  /** Its place in an array of {@link #COUNT}; part of a grant's tag, so it never changes. */
  public int number() {
    return number;
  }

  /**
   * The protocol of a policy's word.
   *
   * @throws IllegalArgumentException with a sentence that names the mistake
   */
  static Protocol named(String word) {
    for (Protocol protocol : values()) {
      if (protocol.word().equals(word)) {
        return protocol;
      }
    }
    throw new IllegalArgumentException(
        "\"" + word + "\" is no protocol; " + Spelling.hint(word, List.of("tcp", "udp", "icmp")));
  }

  /** The name as a policy writes it: {@code tcp}, {@code udp} or {@code icmp}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
