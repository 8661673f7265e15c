package knockgate.bench;

import java.util.SplittableRandom;
import knockgate.rules.spa.CipherMode;
import knockgate.rules.spa.FwknopKeys;
import knockgate.rules.spa.FwknopMessage;
import knockgate.rules.spa.FwknopType;
import knockgate.rules.spa.FwknopWire;
import knockgate.rules.spa.HashKind;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.Prefix;

/** Messages of both dialects; forged ones are made with another secret. */
final class Messages {
  /** fwknop's cipher key. */
  static final String FWKNOP_KEY = "key";

  /** xt_pknock's open secret. */
  static final String PKNOCK_SECRET = "open";

  private Messages() {}

  /** Asks for tcp/22, for whoever sends it. */
  static byte[] fwknop(String hmacKey, SplittableRandom random, long epochMs) {
    FwknopMessage message =
        new FwknopMessage(
            "%016d".formatted(random.nextLong(10_000_000_000_000_000L)),
            "alice",
            epochMs / 1000,
            FwknopMessage.VERSION,
            FwknopType.ACCESS,
            "0.0.0.0,tcp/22",
            null,
            null,
            0,
            HashKind.SHA256);
    FwknopKeys keys =
        new FwknopKeys(
            CipherMode.CBC, Secret.ofText(FWKNOP_KEY), HashKind.SHA256, Secret.ofText(hmacKey));
    byte[] salt = new byte[8];
    random.nextBytes(salt);
    return FwknopWire.packet(message, keys, salt);
  }

  /** Opens for one IPv4 address. */
  static byte[] pknock(String secret, int source, long epochMs) {
    long sender = Prefix.v4(source);
    return PknockSpa.message(Secret.ofText(secret), 0, sender, epochMs / 1000);
  }
}
