package knockgate.rules.hocon;

import static knockgate.rules.hocon.PolicyTexts.problemsOf;
import static org.assertj.core.api.Assertions.assertThat;

import knockgate.rules.policy.Outlets;
import org.junit.jupiter.api.Test;

/** Where the gate talks to people and programs, as policies write it. */
class OutletsReaderTest {
  private static final String DOOR = "doors { d" + PolicyTexts.DOOR + " }\n";

  private static Outlets outlets(String text) throws PolicyException {
    return PolicyTexts.read(DOOR + text).outlets();
  }

  @Test
  void aPolicyThatSaysNothingHasTheUsualOutlets() throws PolicyException {
    assertThat(outlets("")).isEqualTo(Outlets.DEFAULT);
    assertThat(Outlets.DEFAULT.metrics()).isNull();
  }

  @Test
  void aSocketThatIsNamedIsDemanded() throws PolicyException {
    assertThat(outlets("control { socket = \"/tmp/x.sock\", group = adm }").control())
        .isEqualTo(new Outlets.Control("/tmp/x.sock", true, "adm"));
    assertThat(outlets("control { group = adm }").control())
        .isEqualTo(new Outlets.Control("/run/knockgate/control.sock", false, "adm"));
    assertThat(outlets("control.socket = none").control().socket()).isNull();
  }

  @Test
  void eventsGoToAWordOrAFile() throws PolicyException {
    for (String word : new String[] {"stdout", "journald", "none"}) {
      Outlets.Events events = outlets("events.to = " + word).events();
      assertThat(events.to()).isEqualTo(word);
      assertThat(events.isFile()).isFalse();
    }
    assertThat(outlets("events.to = \"/var/log/e.json\"").events().isFile()).isTrue();
  }

  @Test
  void metricsAreServedOnLoopbackOrAUnixSocket() throws PolicyException {
    assertThat(outlets("metrics.listen = \"127.0.0.1:9469\"").metrics())
        .isEqualTo(new Outlets.Metrics("127.0.0.1", 9469, ""));
    assertThat(outlets("metrics.listen = \"[::1]:1\"").metrics())
        .isEqualTo(new Outlets.Metrics("::1", 1, ""));
    assertThat(outlets("metrics.listen = \"unix:/run/m.sock\"").metrics())
        .isEqualTo(new Outlets.Metrics("", 0, "/run/m.sock"));
    assertThat(outlets("metrics { listen = \"0.0.0.0:9469\", public = true }").metrics())
        .isEqualTo(new Outlets.Metrics("0.0.0.0", 9469, ""));
  }

  @Test
  void mistakes() {
    String[][] rows = {
      {"control.socket = \"x.sock\"", "control.socket: \"x.sock\" is not an absolute path"},
      {
        "control.socket = \"/" + "x".repeat(95) + "\"",
        "control.socket: \"/"
            + "x".repeat(58)
            + "... is longer than 90 characters, the most for a socket"
      },
      {"control.group = \"a b\"", "control.group: \"a b\" is not the name of a group"},
      {"control.sock = 1", "control.sock: there is no such key; did you mean socket?"},
      {
        "events.to = file",
        "events.to: \"file\" is unclear; write stdout, journald, none or an absolute path"
      },
      {
        "metrics.listen = \"9469\"",
        "metrics.listen: \"9469\" is no place to listen at; write \"127.0.0.1:9469\","
            + " \"[::1]:9469\" or \"unix:/run/knockgate/metrics.sock\""
      },
      {
        "metrics.listen = \"192.0.2.1:9469\"",
        "metrics.listen: 192.0.2.1 can be reached from other machines; if that is wanted, add"
            + " public = true"
      },
      {
        "metrics.listen = \"localhost:9469\"",
        "metrics.listen: \"localhost\" is not an IPv4 or IPv6 address such as 192.0.2.10 or"
            + " 2001:db8::1"
      },
    };
    for (String[] row : rows) {
      assertThat(problemsOf(DOOR + row[0]))
          .as("%s", row[0])
          .singleElement()
          .asString()
          .endsWith(row[1]);
    }
  }
}
