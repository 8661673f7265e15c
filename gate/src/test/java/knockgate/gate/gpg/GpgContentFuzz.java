package knockgate.gate.gpg;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** Any packets inside a message that does decrypt: no exception, and nothing that opens. */
class GpgContentFuzz {
  private final Encryption encryption;

  GpgContentFuzz() throws IOException {
    encryption = NobodysMessages.encryption();
  }

  @FuzzTest
  void nothingOpens(byte[] packets) {
    NobodysMessages.offer(encryption.of(packets));
  }
}
