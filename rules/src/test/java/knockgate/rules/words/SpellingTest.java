package knockgate.rules.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
  @Test
  void distanceCountsEdits() {
    Object[][] rows = {
      {"", "", 0},
      {"time", "time", 0},
      {"", "time", 4},
      {"tme", "time", 1},
      {"tiime", "time", 1},
      {"tima", "time", 1},
      {"itme", "time", 1},
      {"kitten", "sitting", 3},
      {"abcd", "dcba", 3},
    };
    for (Object[] row : rows) {
      String a = (String) row[0];
      String b = (String) row[1];
      assertThat(Spelling.distance(a, b)).as(a + ", " + b).isEqualTo(row[2]);
      assertThat(Spelling.distance(b, a)).as(b + ", " + a).isEqualTo(row[2]);
    }
  }

  @Test
  void onlyWordsNearbyAreOffered() {
    List<String> words = List.of("strict", "time", "window");
    assertThat(Spelling.nearest("stricct", words)).isEqualTo("strict");
    assertThat(Spelling.nearest("times", words)).isEqualTo("time");
    assertThat(Spelling.nearest("widow", words)).isEqualTo("window");
    assertThat(Spelling.nearest("grants", words)).isNull();
    assertThat(Spelling.hint("x", List.of("only"))).isEqualTo("write only");
    assertThat(Spelling.hint("zz", List.of("accept", "drop"))).isEqualTo("write accept or drop");
    assertThat(Spelling.hint("zz", words)).isEqualTo("write one of strict, time, window");
  }
}
