package knockgate.gate.knock;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import knockgate.gate.fault.Failure;

/** Any rc file has the stanza, or a sentence says why not. */
class FwknopRcFuzz {
  @FuzzTest
  void isReadOrRefused(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("knockgate-fuzz", ".rc"); // for its owner only
    try {
      Files.write(file, bytes);
      FwknopRc.read(file, "home");
    } catch (Failure refused) {
      if (refused.sentence().isEmpty()) {
        throw new AssertionError("refused without a reason", refused);
      }
    } finally {
      Files.delete(file);
    }
  }
}
