package knockgate.rules.spa;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** What is encrypted, for tests outside of this package. */
public final class PlainText {
  private PlainText() {}

  /** A message's text, with its digest. */
  public static byte[] of(FwknopMessage message) {
    return message.text().getBytes(US_ASCII);
  }
}
