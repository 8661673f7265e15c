package knockgate.rules.spa;

import org.jspecify.annotations.Nullable;

/** What fwknop's client sends, sealed with keys of the test's choice. */
final class Requests {
  static final long NOW_MS = 1_795_332_556_000L;

  private Requests() {}

  static byte[] packet(FwknopKeys keys, String message) {
    return packet(keys, FwknopType.ACCESS, message, null, 0, message.hashCode());
  }

  static byte[] packet(
      FwknopKeys keys,
      FwknopType type,
      String message,
      @Nullable String nat,
      int timeout,
      int salt) {
    byte[] saltBytes = {
      1, 2, 3, 4, (byte) (salt >>> 24), (byte) (salt >>> 16), (byte) (salt >>> 8), (byte) salt
    };
    return FwknopWire.packet(
        message(type, message, nat, timeout, HashKind.SHA256), keys, saltBytes);
  }

  static FwknopMessage message(
      FwknopType type, String message, @Nullable String nat, int timeout, HashKind digest) {
    return new FwknopMessage(
        "1400706191106134",
        "feat",
        NOW_MS / 1000,
        FwknopMessage.VERSION,
        type,
        message,
        nat,
        null,
        timeout,
        digest);
  }

  static FwknopKeys keys(String key, String hmacKey) {
    return new FwknopKeys(
        CipherMode.CBC, Secret.ofText(key), HashKind.SHA256, Secret.ofText(hmacKey));
  }
}
