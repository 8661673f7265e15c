package knockgate.gate.e2e;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import knockgate.gate.knock.FwknopOrder;
import knockgate.rules.spa.CipherMode;
import knockgate.rules.spa.FwknopKeys;
import knockgate.rules.spa.HashKind;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.spa.RotatingSequence;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;

/**
 * Doors that open by messages, and messages for them, made here so that they can be sent at once.
 */
final class Messages {
  static final int FWKNOP_PORT = 62201;
  static final int PKNOCK_PORT = 4002;
  static final String FWKNOP_KEY = "a-key-of-this-test";
  static final String FWKNOP_HMAC_KEY = "an-hmac-key-of-this-test";
  static final String PKNOCK_SECRET = "open of this test";
  static final String PKNOCK_CLOSE = "close of this test";
  static final String ROTATING_SECRET = "rotating of this test";

  /** Port 22 opens by fwknop's messages, port 80 by xt_pknock's, port 443 by rotating knocks. */
  static final String DOORS =
      """
      limits { first-knocks = "1000/s" }
      doors {
        fwknop {
          protects = [ "tcp/22" ], autoclose = 1m
          spa { dialect = fwknop, stanzas {
            alice { key = "a-key-of-this-test", hmac-key = "an-hmac-key-of-this-test" } } }
        }
        pknock {
          protects = [ "tcp/80" ], autoclose = 1m
          spa { dialect = pknock, port = 4002, ipv6 = pknock6
                open-secret = "open of this test", close-secret = "close of this test" }
        }
        rotating {
          protects = [ "tcp/443" ], autoclose = 1m
          rotating { secret = "rotating of this test", range = "tcp/20000-29999" }
        }
      }
      """;

  private static final SecureRandom RANDOM = new SecureRandom();

  private Messages() {}

  /** A message that opens port 22 to whoever it comes from. */
  static byte[] fwknop() {
    return fwknop(FWKNOP_HMAC_KEY, "tcp/22");
  }

  /** The same with another HMAC key or request. */
  static byte[] fwknop(String hmacKey, String access) {
    FwknopKeys keys =
        new FwknopKeys(
            CipherMode.CBC, Secret.ofText(FWKNOP_KEY), HashKind.SHA256, Secret.ofText(hmacKey));
    FwknopOrder order = new FwknopOrder(keys, HashKind.SHA256, "alice", "0.0.0.0", access, null, 0);
    return order.packet(System.currentTimeMillis() / 1000, RANDOM);
  }

  /** A message that opens port 80 to that address. */
  static byte[] pknock(String address) {
    return pknock(PKNOCK_SECRET, address);
  }

  /** The same with another secret. */
  static byte[] pknock(String secret, String address) {
    return pknock(secret, address, 0);
  }

  /** The same from a clock that is ahead by so many seconds. */
  static byte[] pknock(String secret, String address, long ahead) {
    Prefix sender = Prefix.parse(address);
    long now = System.currentTimeMillis() / 1000 + ahead;
    return PknockSpa.message(Secret.ofText(secret), sender.hi(), sender.lo(), now);
  }

  /** The knocks that open port 443 now. */
  static List<String> rotatingKnocks() {
    RotatingSequence sequence =
        new RotatingSequence(
            Secret.ofText(ROTATING_SECRET),
            "rotating",
            new PortRange(Protocol.TCP, 20_000, 29_999),
            4,
            Duration.ofSeconds(30));
    return sequence.steps(sequence.stepAt(System.currentTimeMillis())).stream()
        .map(Step::toString)
        .toList();
  }

  /** A payload as text, such as a stock client has saved it. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
