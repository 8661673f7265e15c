package knockgate.rules.hocon;

import static knockgate.rules.hocon.PolicyTexts.problemsOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import knockgate.rules.policy.Hooks;
import knockgate.rules.words.Prefix;
import org.junit.jupiter.api.Test;

/** What runs when doors open and shut, as policies write it. */
class HooksReaderTest {
  private static String door(String keys) {
    return "doors { d { protects = [ tcp/22 ], knock = [ 7000, 8000 ]\n" + keys + "\n} }";
  }

  private static Map<String, Hooks> hooks(String text) throws PolicyException {
    return PolicyTexts.read(text).outlets().hooks();
  }

  @Test
  void aDoorThatSaysNothingRunsNothing() throws PolicyException {
    assertThat(hooks(door(""))).isEmpty();
    assertThat(hooks(door("hook-timeout = 5s"))).isEmpty();
  }

  @Test
  void programsAreListsOfArguments() throws PolicyException {
    assertThat(
            hooks(
                door(
                    """
                    on-open = [ "/bin/a", "--peer={peer}", "a b", "7" ]
                    on-close = [ /bin/b ]
                    hook-timeout = 250ms
                    """)))
        .containsOnly(
            Map.entry(
                "d",
                new Hooks(
                    List.of("/bin/a", "--peer={peer}", "a b", "7"),
                    List.of("/bin/b"),
                    Duration.ofMillis(250))));
  }

  @Test
  void defaultsHoldForDoorsThatSayNothing() throws PolicyException {
    String defaults = "defaults { on-open = [ /bin/a ], hook-timeout = 3s }\n";
    assertThat(hooks(defaults + door("on-close = [ /bin/b ]")).get("d"))
        .isEqualTo(new Hooks(List.of("/bin/a"), List.of("/bin/b"), Duration.ofSeconds(3)));
    assertThat(hooks(defaults + door("on-open = [ /bin/c ]")).get("d"))
        .isEqualTo(new Hooks(List.of("/bin/c"), List.of(), Duration.ofSeconds(3)));
  }

  @Test
  void placesAreFilledInsideArgumentsAndNothingElseIs() {
    List<String> argv = List.of("/x", "{peer}", "--d={door}/{family}", "$(id) $1 {left}s \\");
    Prefix four = Prefix.parse("203.0.113.0/24");
    assertThat(Hooks.filled(argv, new Hooks.Call(four, "a $0 \\1 {peer}", 59)))
        .containsExactly("/x", "203.0.113.0/24", "--d=a $0 \\1 {peer}/ipv4", "$(id) $1 59s \\");
    assertThat(Hooks.filled(argv, new Hooks.Call(Prefix.parse("2001:db8::1"), "d", 0)))
        .containsExactly("/x", "2001:db8::1", "--d=d/ipv6", "$(id) $1 0s \\");
  }

  @Test
  void mistakes() {
    String[][] rows = {
      {
        "on-open = \"/bin/a {peer}\"",
        "doors.d.on-open: \"/bin/a {peer}\" is not a list; write on-open = ["
            + " \"/usr/local/bin/opened\", \"{peer}\" ]"
      },
      {
        "on-close = [ iptables, \"{peer}\" ]",
        "doors.d.on-close: \"iptables\" is not the absolute path of a program; write on-close = ["
            + " \"/usr/local/bin/opened\", \"{peer}\" ]; no shell reads it"
      },
      {
        "on-open = [ \"/bin/{peer}\" ]",
        "doors.d.on-open: \"/bin/{peer}\" is not the absolute path of a program; write on-open = ["
            + " \"/usr/local/bin/opened\", \"{peer}\" ]; no shell reads it"
      },
      {
        "on-open = [ /bin/a, \"{ip}\" ]",
        "doors.d.on-open[1]: nothing is put for {ip}; there are {peer}, {door}, {family} (ipv4 or"
            + " ipv6) and {left} (seconds)"
      },
      {
        "hook-timeout = none",
        "doors.d.hook-timeout: a hook must end; write a duration of at most 10m"
      },
      {
        "hook-timeout = 11m",
        "doors.d.hook-timeout: a hook must end; write a duration of at most 10m"
      },
      {
        "hook-timeout = 5",
        "doors.d.hook-timeout: hook-timeout = 5: give a unit, such as 5s; knockd counts seconds"
      },
    };
    for (String[] row : rows) {
      assertThat(problemsOf(door(row[0]))).as(row[0]).singleElement().asString().endsWith(row[1]);
    }
  }
}
