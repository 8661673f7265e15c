package knockgate.gate.pknock;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.hocon.PolicyReader;

/** Any rules become a policy that can be read, or are refused with a reason. */
class PknockImportFuzz {
  @FuzzTest
  void isAPolicyOrRefused(byte[] bytes) throws PolicyException {
    List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    for (boolean stricter : new boolean[] {false, true}) {
      Imported imported = PknockImport.of(lines, false, stricter);
      if (imported.refusals().isEmpty()) {
        PolicyReader.read(ConfigFactory.parseString(imported.policy()));
      }
      for (Refusal refusal : imported.refusals()) {
        if (refusal.sentence().isEmpty() || refusal.cure().isEmpty()) {
          throw new AssertionError("refused without a reason: " + refusal);
        }
      }
    }
  }
}
