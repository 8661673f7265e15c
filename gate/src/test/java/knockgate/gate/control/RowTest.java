package knockgate.gate.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** One line of an answer. */
class RowTest {
  @Test
  void whatIsWrittenIsRead() {
    Row row =
        Row.of("grant")
            .with("door", "im\"a\\p\n")
            .with("left_ms", Long.MAX_VALUE)
            .with("open", true)
            .with("port", (String) null);

    assertThat(row.json())
        .isEqualTo(
            "{\"what\":\"grant\",\"door\":\"im\\\"a\\\\p\\n\",\"left_ms\":9223372036854775807,"
                + "\"open\":true}");
    Row read = Row.parse(row.json());
    assertThat(read.what()).isEqualTo("grant");
    assertThat(read.text("door")).isEqualTo("im\"a\\p\n");
    assertThat(read.number("left_ms")).isEqualTo(Long.MAX_VALUE);
    assertThat(read.flag("open")).isTrue();
    assertThat(read.has("port")).isFalse();
    assertThat(read.json()).isEqualTo(row.json());
  }

  @Test
  void aListOfStringsIsReadAsOneAndKeptInTheLine() {
    String line = "{\"granted\":[\"tcp/22\",\"udp/53\"],\"none\":[]}";

    assertThat(Row.parse(line).text("granted")).isEqualTo("tcp/22 udp/53");
    assertThat(Row.parse(line).text("none")).isEmpty();
    assertThat(Row.parse(line).json()).isEqualTo(line);
  }

  @Test
  void aFieldThatIsMissingIsNothing() {
    Row row = Row.parse("{}");

    assertThat(row.what()).isEmpty();
    assertThat(row.text("x")).isEmpty();
    assertThat(row.number("x")).isZero();
    assertThat(row.flag("x")).isFalse();
  }

  @Test
  void whatIsNoFlatObjectIsRefused() {
    String[] lines = {
      "",
      "[]",
      "1",
      "{",
      "{\"a\"}",
      "{\"a\":[1]}",
      "{\"a\":[",
      "{\"a\":{}}",
      "{\"a\":1.5}",
      "{\"a\":null}",
      "x"
    };
    for (String line : lines) {
      assertThatThrownBy(() -> Row.parse(line))
          .as("%s", line)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("this is no answer of a gate: " + line);
    }
  }
}
