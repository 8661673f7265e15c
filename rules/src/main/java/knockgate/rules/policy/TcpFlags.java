package knockgate.rules.policy;

import java.util.List;
import java.util.StringJoiner;
import knockgate.rules.words.Spelling;
import org.jspecify.annotations.Nullable;

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

  /** By bit, from the lowest. */
  private static final List<String> NAMES =
      List.of("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr");

  /** Every TCP packet, as xt_pknock has it. */
  public static final TcpFlags ANY = new TcpFlags(0, 0);

  /** A SYN without ACK: the first packet of a connection. */
  public static final TcpFlags OPENING = new TcpFlags(SYN, ACK);

  /**
   * Reads {@code syn}, {@code !ack} and their kind.
   *
   * @param words flags that must be set, and, behind an exclamation mark, flags that must not
   * @throws IllegalArgumentException with a sentence that names the mistake
   */
  public static TcpFlags parse(List<String> words) {
    int set = 0;
    int clear = 0;
    for (String word : words) {
      boolean not = word.startsWith("!");
      int place = NAMES.indexOf(not ? word.substring(1) : word);
      if (place < 0) {
        throw new IllegalArgumentException(
            "\"" + word + "\" is no TCP flag; " + Spelling.hint(word.replace("!", ""), NAMES));
      }
      set |= not ? 0 : 1 << place;
      clear |= not ? 1 << place : 0;
    }
    if (words.isEmpty() || (set & clear) != 0) {
      throw new IllegalArgumentException(
          words + " fits no packet or says nothing; write syn, any, or such as [ syn, \"!ack\" ]");
    }
    return new TcpFlags(set, clear);
  }

  /** Whether a header's flag byte fits. */
  public boolean matches(int flags) {
    return (flags & (set | clear)) == set;
  }

  // By hand, as in Step.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TcpFlags flags && flags.set == set && flags.clear == clear;
  }

  @Override
  public int hashCode() {
    return set << Byte.SIZE | clear;
  }

  /** As a policy writes it: {@code syn}, {@code any}, or such as {@code [ syn, "!rst" ]}. */
  @Override
  public String toString() {
    if (equals(OPENING) || equals(ANY)) {
      return equals(ANY) ? "any" : "syn";
    }
    StringJoiner list = new StringJoiner(", ", "[ ", " ]");
    for (int place = 0; place < NAMES.size(); place++) {
      if ((set >>> place & 1) == 1) {
        list.add(NAMES.get(place));
      } else if ((clear >>> place & 1) == 1) {
        list.add("\"!" + NAMES.get(place) + "\"");
      }
    }
    return list.toString();
  }
}
