package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What does not open a strict door, and what does no harm on the way through it. */
class StrictDoorIT {
  /** Two doors with one sequence; the loose one shows what reached the gate. */
  private static final String PAIR =
      """
      doors {
        strict { protects = [ "tcp/22" ], knock = [ 7000, 7020, 7040 ] }
        loose  { protects = [ "tcp/80" ], knock = [ 7000, 7020, 7040 ], strict = false }
        udp    { protects = [ "tcp/2222" ], knock = [ "udp/7000", "udp/7020" ] }
      }
      """;

  private static final List<String> RIGHT = List.of("tcp/7000", "tcp/7020", "tcp/7040");

  @Test
  void aWrongPortInBetweenEndsTheAttempt() {
    try (Scene scene = new Scene(PAIR)) {
      for (Family family : Family.values()) {
        Peer friend = scene.friend(family);
        friend.knock(family.server, List.of("tcp/7000", "tcp/7020", "tcp/7021", "tcp/7040"));
        assertThat(friend.gets(family.server, 22)).as("strict").isFalse();
        assertThat(friend.gets(family.server, 80)).as("loose %s", scene.gate()).isTrue();
        friend.knock(family.server, RIGHT);
        assertThat(friend.gets(family.server, 22)).as("then the right ones").isTrue();
      }
    }
  }

  @Test
  void aStepFromAnotherSocketIsAWrongKnock() {
    try (Scene scene = new Scene(PAIR)) {
      for (Family family : Family.values()) {
        Peer friend = scene.friend(family);
        friend.knock(family.server, List.of("tcp/7000", "tcp/7020", "tcp/7020", "tcp/7040"));
        assertThat(friend.gets(family.server, 22)).as("strict %s", scene.gate()).isFalse();
      }
    }
  }

  /** Nobody answers a knock, so the kernel sends its SYN again after a second, unchanged. */
  @Test
  void aSynThatTheKernelSendsAgainIsNotAWrongKnock() {
    try (Scene scene = new Scene(PAIR)) {
      for (Family family : Family.values()) {
        Peer friend = scene.friend(family);
        for (String step : List.of("tcp/7000", "tcp/7020")) {
          int port = Integer.parseInt(step.substring(4));
          try (Connection knock = friend.connect(family.server, port, Duration.ofMillis(1300))) {
            assertThat(knock.retransmissions()).as("%s", knock).isEqualTo(1);
          }
        }
        friend.knock(family.server, List.of("tcp/7040"));
        assertThat(friend.gets(family.server, 22)).as("%s", scene.gate()).isTrue();
        for (String port : List.of("7000", "7020")) {
          scene
              .gate()
              .awaitEvent(
                  "repeat of " + port,
                  e -> isRepeat(e, family, "strict") && e.field("port").equals(port));
        }
      }
    }
  }

  @Test
  void aDatagramSentTwiceIsNotAWrongKnock() {
    try (Scene scene = new Scene(PAIR)) {
      scene.wire().serving(2222);
      for (Family family : Family.values()) {
        String once = "echo again | nc -u -q 0 -w 1 -p 5555 " + family.server + " 7000; ";
        String last = "echo then | nc -u -q 0 -w 1 " + family.server + " 7020";
        scene.wire().client().run("sh", "-c", once + once + last).ok();
        assertThat(scene.friend(family).gets(family.server, 2222)).as("%s", scene.gate()).isTrue();
        scene.gate().awaitEvent("repeat", e -> isRepeat(e, family, "udp"));
      }
    }
  }

  private static boolean isRepeat(Event event, Family family, String door) {
    return event.field("reason").equals("repeat")
        && event.field("door").equals(door)
        && event.field("peer").equals(family.friend());
  }

  @Test
  void scansInAscendingOrderOpenOnlyTheLooseDoor() {
    try (Scene scene = new Scene(PAIR)) {
      for (Family family : Family.values()) {
        scan(scene, family, "-r");
        assertThat(scene.friend(family).gets(family.server, 22)).as("strict").isFalse();
        assertThat(scene.friend(family).gets(family.server, 80))
            .as("loose, so the scan was seen; %s", scene.gate())
            .isTrue();
      }
    }
  }

  @Test
  void scansInRandomOrderDoNotOpenAStrictDoor() {
    try (Scene scene = new Scene(PAIR)) {
      for (Family family : Family.values()) {
        for (int round = 0; round < 3; round++) {
          scan(scene, family, "--randomize-hosts");
          assertThat(scene.friend(family).gets(family.server, 22)).isFalse();
        }
        assertThat(scene.gate().events(e -> e.field("reason").equals("wrong-knock")))
            .as("the scans were seen")
            .isNotEmpty();
        scene.friend(family).knock(family.server, RIGHT);
        assertThat(scene.friend(family).gets(family.server, 22))
            .as("the right knocks after all those scans; %s", scene.gate())
            .isTrue();
      }
    }
  }

  /** Every port from 6500 to 7500, each once; nmap shuffles unless it is told {@code -r}. */
  private static void scan(Scene scene, Family family, String order) {
    Run scan =
        scene
            .wire()
            .client()
            .run(
                "nmap",
                family == Family.IPV6 ? "-6" : "-4",
                order,
                "-n",
                "-Pn",
                "-sS",
                "-T5",
                "--max-retries",
                "0",
                "-p",
                "6500-7500",
                family.server)
            .ok();
    assertThat(scan.out()).contains("1 host up");
  }
}
