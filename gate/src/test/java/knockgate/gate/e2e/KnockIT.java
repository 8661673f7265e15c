package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The right knocks open a door to whoever sent them, with every client and on every firewall. */
class KnockIT {
  @ParameterizedTest
  @CsvSource({
    "mark, iptables-nft",
    "mark, iptables-legacy",
    "direct, iptables-nft",
    "direct, iptables-legacy"
  })
  void onlyWhoKnocksGetsIn(String layout, String iptables) {
    try (Scene scene = new Scene(Scene.SSH, layout, iptables)) {
      for (Family family : Family.values()) {
        Peer friend = scene.friend(family);
        assertThat(friend.gets(family.server, 22)).as("before the knocks").isFalse();
        assertThat(friend.gets(family.server, 80)).as("a port without a door").isTrue();
        assertThat(scene.rescue(family).gets(family.server, 22)).as("rescue").isTrue();

        scene.wire().client().run("knock", family.server, "7000", "8000", "9000").ok();

        try (Connection connection = friend.connect(family.server, 22)) {
          assertThat(connection.established()).as("%s %s", connection, scene.gate()).isTrue();
          assertThat(connection.echoes("hello")).isTrue();
        }
        assertThat(scene.stranger(family).gets(family.server, 22)).as("stranger").isFalse();
      }
    }
  }

  /** A door per client, so that no row lives on the grant of another. */
  private static final String DOORS =
      """
      doors {
        tcp   { protects = [ "tcp/2201" ], knock = [ 7001, 7011, 7021 ] }
        udp   { protects = [ "tcp/2202" ], knock = [ "udp/7002", "udp/7012", "udp/7022" ] }
        mixed { protects = [ "tcp/2203" ], knock = [ 7003, "udp/7013", 7023 ] }
        nctcp { protects = [ "tcp/2204" ], knock = [ 7004, 7014 ] }
        ncudp { protects = [ "tcp/2205" ], knock = [ "udp/7005", "udp/7015" ] }
        nmap  { protects = [ "tcp/2206" ], knock = [ 7006, 7016 ] }
        own   { protects = [ "tcp/2207" ], knock = [ 7007, "udp/7017", "icmp/77", 7027 ] }
      }
      """;

  @Test
  void everyClientOpens() {
    String own = Gate.LAUNCHER + " knock";
    try (Scene scene = new Scene(DOORS)) {
      scene.wire().serving(2201, 2202, 2203, 2204, 2205, 2206, 2207);
      for (Family family : Family.values()) {
        opens(scene, family, 2201, "knock @ 7001 7011 7021");
        opens(scene, family, 2202, "knock -u @ 7002 7012 7022");
        opens(scene, family, 2203, "knock -d 20 @ 7003:tcp 7013:udp 7023:tcp");
        opens(scene, family, 2204, "nc -z -w 1 @ 7004; nc -z -w 1 @ 7014");
        opens(scene, family, 2205, "echo x | nc -u -w 1 @ 7005; echo x | nc -u -w 1 @ 7015");
        opens(
            scene,
            family,
            2206,
            "for p in 7006 7016; do nmap -6 -n -Pn --max-retries 0 -p $p @; done");
        opens(scene, family, 2207, own + " @ 7007 udp/7017 icmp/77 7027");
      }
    }
  }

  /** Runs a line of shell in which {@code @} is the server, and expects the port to be open. */
  private static void opens(Scene scene, Family family, int port, String line) {
    String six = family == Family.IPV6 ? line : line.replace("nmap -6", "nmap");
    Peer friend = scene.friend(family);
    assertThat(friend.gets(family.server, port)).as("before: %s", line).isFalse();
    Run run = scene.wire().client().run("sh", "-c", six.replace("@", family.server));
    assertThat(friend.gets(family.server, port))
        .as("after: %s%n%s%s", line, run.out(), scene.gate())
        .isTrue();
  }

  @Test
  void everyStepIsTold() {
    try (Scene scene = new Scene(Scene.SSH)) {
      for (Family family : Family.values()) {
        scene.stranger(family).gets(family.server, 22);
        scene.friend(family).knock(family.server, List.of("tcp/7000", "tcp/8000", "tcp/9000"));

        Event opened =
            scene
                .gate()
                .awaitEvent(
                    "grant", e -> e.field("reason").equals("opened") && isFrom(e, family.friend()));
        assertThat(opened.field("event")).isEqualTo("grant");
        assertThat(told(scene, family.friend()))
            .containsExactly(
                "first-knock ssh 7000 1/3", "knock ssh 8000 2/3", "opened ssh 9000 3/3");
        assertThat(told(scene, family.stranger())).containsExactly("no-grant ssh 22 /");
      }
    }
  }

  private static boolean isFrom(Event event, String peer) {
    return event.field("peer").equals(peer);
  }

  private static Stream<String> told(Scene scene, String peer) {
    return scene.gate().events(event -> isFrom(event, peer)).stream()
        .map(
            e ->
                "%s %s %s %s/%s"
                    .formatted(
                        e.field("reason"),
                        e.field("door"),
                        e.field("port"),
                        e.field("step"),
                        e.field("steps")));
  }
}
