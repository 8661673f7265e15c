package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A policy is read again while somebody knocks, and what a crash behind that leaves. */
class KeptOverReloadIT {
  private static final String SSH =
      "ssh { protects = [ \"tcp/22\" ], knock = [ 7000, 8000, 9000 ], time = 60s }\n";
  private static final String WEB =
      "web { protects = [ \"tcp/80\" ], knock = [ 7001, 8001, 9001 ] }\n";

  private static final List<String> KNOCKS = List.of("tcp/7000", "tcp/8000", "tcp/9000");
  private static final String SERVER = Family.IPV4.server;

  private static String policy(String doors) {
    return "rescue = [ \"192.0.2.10\" ]\ndoors {\n" + doors + "}\n";
  }

  @Test
  void attemptsAndGrantsStayAndSoDoTheGrantsOfNewDoorsAfterACrash() {
    try (KeptScene kept = new KeptScene(policy(SSH))) {
      Peer friend = kept.scene().friend(Family.IPV4);
      Peer other = kept.scene().wire().peer(Family.IPV4.host(3));
      other.knock(SERVER, KNOCKS);
      friend.knock(SERVER, KNOCKS.subList(0, 2));

      kept.write(policy(WEB + SSH));
      kept.command("reload").ok();

      friend.knock(SERVER, KNOCKS.subList(2, 3));
      assertThat(friend.gets(SERVER, 22)).as("in the middle of it, %s", kept.gate()).isTrue();
      assertThat(other.gets(SERVER, 22)).as("granted before").isTrue();
      friend.knock(SERVER, List.of("tcp/7001", "tcp/8001", "tcp/9001"));
      kept.await("a grant of the new door", () -> !kept.granted("web").isEmpty());

      kept.gate().kill();
      kept.scene().restart();

      assertThat(kept.grantedOnceUp("web")).containsExactly(friend.address());
      assertThat(kept.granted("ssh")).contains(friend.address(), other.address());
      assertThat(friend.gets(SERVER, 22)).as("%s", kept.gate()).isTrue();
      assertThat(kept.scene().stranger(Family.IPV4).gets(SERVER, 22)).isFalse();
    }
  }

  @Test
  void aWrongPolicyChangesNothingAndSaysWhyByCommandAndBySignal() {
    try (KeptScene kept = new KeptScene(policy(SSH))) {
      Peer friend = kept.scene().friend(Family.IPV4);
      friend.knock(SERVER, KNOCKS.subList(0, 2));
      kept.write(policy(SSH.replace("60s", "60")));

      Run reload = kept.command("reload");
      assertThat(reload.exitCode()).as("%s", reload).isEqualTo(3);
      assertThat(reload.out()).contains("time = 60: give a unit");
      Run.of("kill", "-HUP", String.valueOf(kept.gate().pid())).ok();
      kept.await(
          "the reason",
          () -> kept.gate().log().stream().anyMatch(line -> line.contains("give a unit")));

      friend.knock(SERVER, KNOCKS.subList(2, 3));
      assertThat(friend.gets(SERVER, 22)).as("%s", kept.gate()).isTrue();
    }
  }
}
