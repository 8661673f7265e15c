package knockgate.rules.spa;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import knockgate.rules.words.Reason;

/**
 * Any decrypted text is a message that can be judged, or is refused; with its digest right, too.
 */
class FwknopReaderFuzz {
  private final FwknopReader reader = new FwknopReader();
  private final FwknopJudge judge = new FwknopJudge();
  private final FwknopStanza stanza =
      Stanzas.open(new FwknopKeys(CipherMode.CBC, Secret.ofText("k"), null, null));

  @FuzzTest
  void isAMessageOrRefused(byte[] text) {
    read(text);
    String digest = Base64Text.encode(HashKind.SHA256.digest().digest(text));
    byte[] whole = Arrays.copyOf(text, text.length + 1 + digest.length());
    whole[text.length] = ':';
    System.arraycopy(digest.getBytes(US_ASCII), 0, whole, text.length + 1, digest.length());
    read(whole);
  }

  private void read(byte[] text) {
    if (reader.read(text, text.length) != null) {
      return;
    }
    FwknopMessage message = reader.message();
    FwknopJudge.isInTime(stanza, message, 1_795_332_556_000L);
    if (judge.judge(stanza, message, 1, 2) == Reason.SPA_OPENED
        && judge.request().ports().isEmpty()) {
      throw new AssertionError("opened nothing: " + message);
    }
  }
}
