package knockgate.gate.pknock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import knockgate.gate.conformance.Corpus;
import knockgate.gate.conformance.SharedFolder;
import org.junit.jupiter.api.Test;

/** The rules that were tried on the real iptables and the real module, one by one. */
class RuleFilesTest {
  private static final String NEITHER = "no rule of these judges a knock";

  @Test
  void whatTheModuleRefusesIsRefusedInItsWords() {
    List<Map<String, Object>> rows = Corpus.rules("rejects");
    for (Map<String, Object> row : rows) {
      String tool = row.containsKey("tool") ? row.get("tool") + " -A INPUT " : "";
      Imported imported = PknockImport.of(List.of(tool + row.get("rule")), false, false);
      assertThat(imported.refusals())
          .as("%s", row)
          .singleElement()
          .satisfies(
              refusal -> {
                assertThat(refusal.cause()).isEqualTo(Cause.WRONG);
                assertThat(refusal.sentence()).isEqualTo(row.get("error"));
              });
      assertThat(imported.policy()).isEmpty();
    }
  }

  @Test
  void whatTheModuleAcceptsIsReadAsTheModuleListsIt() throws RuleException {
    for (Map<String, Object> row : Corpus.rules("accepts")) {
      String text = (String) row.getOrDefault("rule", "");
      Rule rule = new RuleParser(new PortNames(), Words.split(text)).parse(text);
      List<String> knocks = rule.knocks().stream().map(Knock::toString).toList();
      assertThat(row.get("stored_as")).asString().as(text).contains(String.join(" ", knocks));
      assertThat(rule.knocks().stream().map(Knock::name).toList())
          .as(text)
          .isEqualTo(row.get("status_files"));
    }
  }

  @Test
  void whatTheModuleAcceptsIsNeverCalledWrong() {
    List<String> causes = new ArrayList<>();
    for (Map<String, Object> row : Corpus.rules("accepts")) {
      String text = (String) row.getOrDefault("rule", "");
      for (Refusal refusal : PknockImport.of(List.of(text), false, false).refusals()) {
        assertThat(refusal.cause()).as(text).isNotEqualTo(Cause.WRONG);
        causes.add(refusal.cause().word());
      }
    }
    if (!SharedFolder.isNamed()) { // other rules may have other causes
      assertThat(causes).as(NEITHER).contains("opens-nothing", "two-knock-tests");
    }
  }
}
