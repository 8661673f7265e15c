package knockgate.gate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A folder of other recordings: files of any name, and what cannot be read is told by its place.
 */
class CorpusTest {
  private static final String TRACE =
      """
      { "name": "one", "tags": [], "default": "DROP", "status_after": {},
        "rules": [ "-p tcp -m pknock --knockports 1 --name a --time 5 -j ACCEPT" ],
        "events": [ { "t_ms": 0, "src": "192.0.2.1", "proto": "tcp", "dport": 1, "verdict": "DROP" } ] }
      """;

  @TempDir private Path folder;

  @BeforeEach
  void aTrace() throws IOException {
    write("a-trace", "[" + TRACE + "]");
  }

  @Test
  void tracesAndRulesAreToldApartByWhatIsInAFileNotByItsName() throws IOException {
    write("more", "[\r\n" + TRACE.replace("\n", "\r\n") + "]");
    write("held-accepts", "[ { \"rule\": \"good\" } ]");
    write("held-rejects", "[ { \"rule\": \"bad\", \"error\": \"no\", \"by\": \"parser\" } ]");
    assertThat(Corpus.traces(folder)).extracting(Trace::file).containsExactly("a-trace", "more");
    assertThat(Corpus.rules(folder, "accepts"))
        .singleElement()
        .satisfies(rule -> assertThat(rule.get("rule")).isEqualTo("good"));
    assertThat(Corpus.rules(folder, "rejects"))
        .singleElement()
        .satisfies(rule -> assertThat(rule.get("rule")).isEqualTo("bad"));
  }

  @Test
  void withoutRulesTheShippedOnesAreUsed() {
    assertThat(Corpus.rules(folder, "accepts")).hasSizeGreaterThan(9);
    assertThat(Corpus.rules(folder, "rejects")).hasSizeGreaterThan(9);
  }

  @Test
  void whatIsNoJsonIsToldWithFileAndLine() throws IOException {
    write("cut", "[\n" + TRACE.substring(0, TRACE.length() / 2));
    assertThatThrownBy(() -> Corpus.traces(folder))
        .hasMessageContaining("cut.json")
        .hasMessageContaining("line 3: ");
    write("cut", "");
    assertThatThrownBy(() -> Corpus.traces(folder))
        .hasMessageContaining("cut.json: there is nothing in it");
  }

  @Test
  void whatIsWrongInATraceIsToldWithFileAndName() throws IOException {
    for (List<String> change :
        List.of(
            List.of("\"events\"", "\"evnts\"", "no \"events\""),
            List.of("\"tcp\"", "\"gre\"", "protocol gre"),
            List.of("192.0.2.1", "192.0.2.x", "\"x\""))) {
      write("wrong", "[" + TRACE + "," + TRACE.replace(change.get(0), change.get(1)) + "]");
      assertThatThrownBy(() -> Corpus.traces(folder))
          .hasMessageContaining("wrong.json, entry 2 (one): ")
          .hasMessageContaining(change.get(2));
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name + ".json"), text);
  }
}
