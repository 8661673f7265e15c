package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code queue.filter = kernel-set}: what it keeps out of the queue, and what not. */
class KernelSetIT {
  static final String FILTER = "queue.filter = kernel-set\n";

  /** The ports are out of order: a scan must not open the door, however fast it is. */
  static final String STRICT =
      """
      rescue = [ "192.0.2.10", "2001:db8::10" ]
      doors { ssh { protects = [ "tcp/22" ], knock = [ 7000, 9000, 8000 ], autoclose = 1m } }
      """;

  /** A set that is soon full, and stays so however slow the machine is. */
  private static final String FEW_AND_SLOW = "limits.attempts = 16\ndefaults.time = 1m\n";

  /** Shorter than the five seconds that an attempt lasts; twice that is longer than one entry. */
  private static final long PAUSE_MS = 3400;

  private static final int PORTS = 400;

  static final List<String> RIGHT = List.of("tcp/7000", "tcp/9000", "tcp/8000");

  @ParameterizedTest
  @CsvSource({"mark, iptables-nft", "direct, iptables-legacy"})
  void onlyWhoIsKnockingBringsOtherPortsToTheQueue(String layout, String iptables) {
    try (Scene scene = new Scene(FILTER + STRICT, layout, iptables)) {
      assertThat(scene.gate().log()).as("empty sets").noneMatch(line -> line.contains("is full"));
      for (Family family : Family.values()) {
        closeFilter(scene, family);
        long before = numbered(scene);
        scan(scene, family);
        assertThat(numbered(scene) - before).as("the scan in the queue").isZero();
        assertThat(scene.stranger(family).gets(family.server, 80)).as("other ports").isTrue();

        Peer friend = scene.friend(family);
        friend.knock(family.server, List.of("tcp/7000"));
        awaitReason(scene, friend, "first-knock");
        friend.knock(family.server, List.of("tcp/7021"));
        awaitReason(scene, friend, "wrong-knock");
        friend.knock(family.server, List.of("tcp/9000", "tcp/8000"));
        assertThat(friend.gets(family.server, 22)).as("a wrong knock was seen").isFalse();

        try (Connection connection = friend.knockAndConnect(family.server, RIGHT, 22)) {
          assertThat(connection.established()).as("%s %s", connection, scene.gate()).isTrue();
        }
        assertThat(scene.stranger(family).gets(family.server, 22)).isFalse();
      }
    }
  }

  /** Each knock puts the peer in again, so a slow knocker is in to the end, and not much longer. */
  @Test
  void anAttemptIsWatchedFromKnockToKnock() throws InterruptedException {
    try (Scene scene = new Scene(FILTER + "defaults.time = 5s\n" + STRICT)) {
      Family family = Family.IPV4;
      closeFilter(scene, family);
      Peer friend = scene.friend(family);
      for (int i = 0; i < 2; i++) {
        friend.knock(family.server, List.of(RIGHT.get(i)));
        awaitReason(scene, friend, i == 0 ? "first-knock" : "knock");
        Thread.sleep(PAUSE_MS);
        assertThat(members(scene, "knockgate4")).containsExactly(friend.address());
      }
      friend.knock(family.server, List.of("tcp/7021"));
      awaitReason(scene, friend, "wrong-knock");
      Thread.sleep(PAUSE_MS);
      assertThat(members(scene, "knockgate4")).isEmpty();
    }
  }

  @Test
  void whenTheSetIsFullEveryPortOfEveryoneComesToTheQueue() {
    try (Scene scene = new Scene(FILTER + FEW_AND_SLOW + STRICT)) {
      for (Family family : Family.values()) {
        closeFilter(scene, family);
        if (family == Family.IPV6) {
          fillByHand(scene);
        }
        Peer last = scene.wire().peer(family.host(100));
        for (int host : IntStream.rangeClosed(84, 100).toArray()) {
          scene.wire().peer(family.host(host)).knock(family.server, List.of("tcp/7000"));
        }
        awaitReason(scene, last, "first-knock");
        last.knock(family.server, List.of("tcp/7021"));
        awaitReason(scene, last, "wrong-knock");
        assertThat(members(scene, everyone(family))).hasSize(2);
        long before = numbered(scene);
        scan(scene, family);
        assertThat(numbered(scene) - before).as("the scan in the queue").isEqualTo(PORTS);
      }
    }
  }

  /** As time does some seconds after the rules were applied. */
  private static void closeFilter(Scene scene, Family family) {
    scene.wire().server().run("ipset", "flush", everyone(family)).ok();
  }

  private static String everyone(Family family) {
    return family == Family.IPV4 ? "knockgate4-all" : "knockgate6-all";
  }

  /**
   * IPv6 peers of one /64 are one element. The gate's own first element, which it tried the set
   * with, goes: it ends after a second, and then there would be room.
   */
  private static void fillByHand(Scene scene) {
    String elements = "seq -f 'add knockgate6 2001:db8:%.0f::' 1000 1015 | ipset restore";
    scene.wire().server().run("sh", "-c", "ipset flush knockgate6 && " + elements).ok();
  }

  /** Connects to each of {@link #PORTS} ports that mean nothing, once. */
  private static void scan(Scene scene, Family family) {
    String last = String.valueOf(6500 + PORTS - 1);
    String version = family == Family.IPV6 ? "-6" : "-4";
    String[] command = {
      "nmap", version, "-n", "-Pn", "-sS", "-T5", "--max-retries", "0", "-p", "6500-" + last
    };
    List<String> words = new ArrayList<>(List.of(command));
    words.add(family.server);
    Run scan = scene.wire().client().run(words.toArray(String[]::new)).ok();
    assertThat(scan.out()).contains("1 host up");
  }

  private static long numbered(Scene scene) {
    return scene.gate().queues().get(0).numbered();
  }

  private static void awaitReason(Scene scene, Peer peer, String reason) {
    scene
        .gate()
        .awaitEvent(
            reason + " of " + peer.address(),
            e -> e.field("reason").equals(reason) && e.field("peer").equals(peer.address()));
  }

  private static List<String> members(Scene scene, String set) {
    String list = scene.wire().server().run("ipset", "list", set).ok().out();
    return list.lines()
        .dropWhile(line -> !line.equals("Members:"))
        .skip(1)
        .map(line -> line.replaceAll(" .*", ""))
        .toList();
  }
}
