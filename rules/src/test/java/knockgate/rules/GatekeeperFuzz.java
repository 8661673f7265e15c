package knockgate.rules;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.typesafe.config.ConfigFactory;
import java.nio.ByteBuffer;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.hocon.PolicyReader;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.Spa;
import knockgate.rules.words.Reason;

/**
 * Any packets, one behind the other, at a door of every kind: each gets its verdict, and nobody
 * without a secret gets in where only messages open.
 */
class GatekeeperFuzz {
  private static final long EPOCH_MS = 1_795_332_540_000L;

  /** The longest pause is some 25 days. */
  private static final int MOST_PAUSE = 31;

  private static final Policy POLICY = read();

  private static Policy read() {
    try {
      return PolicyReader.read(
          ConfigFactory.parseString(
              """
              limits { attempts = 64, grants = 64 }
              defaults { autoclose = 1m }
              rescue = [ "198.51.100.0/24" ]
              doors {
                strict { protects = [ tcp/22 ], knock = [ 7000, "udp/7001", "icmp/8" ] }
                lax { protects = [ tcp/23 ], knock = [ 7000, 7002, 7000 ], strict = false
                  flags = any, repeats = count, restart = false, connections = 2, covers { v4 = 24 } }
                rotating { protects = [ tcp/24 ]
                  rotating { secret = "correct horse battery staple", range = "tcp/20000-29999" } }
                pknock { protects = [ tcp/25 ]
                  spa { dialect = pknock, port = 4002, open-secret = foo, close-secret = bar } }
                fwknop { protects = [ tcp/26, tcp/30-39 ]
                  spa { dialect = fwknop, port = 62201, stanzas {
                    alice { key = foo, hmac-key = bar }
                    naive { key = foo, insecure = true } } } }
              }
              """));
    } catch (PolicyException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   *
   *
   * <pre>
   *   | pause 5, length 11 | packet | pause 5, length 11 | packet | ...
   * </pre>
   *
   * A pause of n is 2^n milliseconds.
   */
  @FuzzTest
  void everyPacketGetsItsVerdict(byte[] bytes) {
    KnockState state = new KnockState(POLICY.limits());
    Gatekeeper gatekeeper = new Gatekeeper(new PolicyPlan(POLICY, state), state);
    Packet packet = new Packet();
    ByteBuffer input = ByteBuffer.wrap(bytes);
    long nowMs = 0;
    while (input.remaining() > Short.BYTES) {
      int head = input.getShort() & 0xffff;
      nowMs += 1L << (head >>> 11 & MOST_PAUSE);
      int length = Math.min(head & 0x7ff, input.remaining());
      PacketParser.parse(input, input.position(), length, packet);
      input.position(input.position() + length);
      gatekeeper.decide(packet, nowMs * 1_000_000, EPOCH_MS + nowMs);
      check(packet);
    }
  }

  private static void check(Packet packet) {
    boolean decided = packet.verdict == packet.intended && packet.policy != null;
    boolean byMessage =
        packet.door >= 0 && POLICY.doors().get(packet.door).trigger() instanceof Spa;
    if (!decided || (packet.reason == Reason.GRANTED && byMessage)) {
      throw new AssertionError(packet.reason + " for " + PacketBytes.shown(packet));
    }
    for (int note = 0; note < packet.notes(); note++) {
      if (packet.noteReason(note) == Reason.SPA_OPENED) {
        throw new AssertionError("a message without the keys opened a door");
      }
    }
  }
}
