package knockgate.gate.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The lines of a request. */
class RequestTest {
  @Test
  void keysAndValuesAreTaken() {
    Request request = Request.parse("ask=grant\ndoor=imap\npeer=2001:db8::1\nfor=10m\n\n");

    assertThat(request.ask()).isEqualTo(Ask.GRANT);
    assertThat(request.text("door")).isEqualTo("imap");
    assertThat(request.text("peer")).isEqualTo("2001:db8::1");
    assertThat(request.has("for")).isTrue();
  }

  @Test
  void aValueMayHoldAnEqualsSignOrBeEmpty() {
    Request request = Request.parse("door=a=b\nask=pknock\n");

    assertThat(request.text("door")).isEqualTo("a=b");
    assertThat(Request.parse("ask=pknock\ndoor=\n").text("door")).isEmpty();
  }

  @Test
  void numbersHaveAFallback() {
    assertThat(Request.parse("ask=grants\nmost=7").number("most", 3)).isEqualTo(7);
    assertThat(Request.parse("ask=grants").number("most", 3)).isEqualTo(3);
  }

  @Test
  void mistakesAreSentences() {
    String[][] rows = {
      {"", "the request has no line ask=..."},
      {"door=x", "the request has no line ask=..."},
      {"ask=grants\ndoor", "\"door\" is not key=value"},
      {"ask=grants\n=x", "\"=x\" is not key=value"},
      {"ask=grants\ndoor=a\ndoor=b", "the key \"door\" came twice"},
      {"ask=grants\npeer=a", "ask=grants has no key \"peer\""},
      {
        "ask=Grants",
        "nothing answers to ask=Grants; there are status, pknock, doors, attempts, grants, why,"
            + " events, grant, extend, revoke, reload, observe, confirm, stop"
      },
    };
    for (String[] row : rows) {
      assertThatThrownBy(() -> Request.parse(row[0]))
          .as("%s", row[0])
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(row[1]);
    }
  }

  @Test
  void valuesAreAskedForByName() {
    Request request = Request.parse("ask=events\nmost=0");

    assertThatThrownBy(() -> request.text("follow"))
        .hasMessage("ask=events needs a line follow=...");
    assertThatThrownBy(() -> request.number("most", 1)).hasMessage("most=0 is not a number from 1");
  }
}
