package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gate is ended as systemd ends it, and started again: what counted then counts now. */
class RestartIT {
  private static final Family V4 = Family.IPV4;
  private static final String SERVER = V4.server;
  private static final List<String> KNOCKS = List.of("tcp/7000", "tcp/8000", "tcp/9000");

  @TempDir private Path folder;

  private static void restart(KeptScene kept, long downMs) {
    assertThat(kept.gate().terminate()).as("%s", kept.gate()).isZero();
    LockSupport.parkNanos(downMs * 1_000_000);
    kept.scene().restart();
  }

  /** Sends it and says whether the door is open then. */
  private static boolean opens(Peer peer, int udpPort, byte[] message, int port) {
    try (Connection connection = peer.sayAndConnect(SERVER, udpPort, message, port)) {
      return connection.established();
    }
  }

  @Test
  void grantsStayAndMessagesThatWereUsedOpenNothingMore() {
    try (KeptScene kept = new KeptScene(Messages.DOORS)) {
      Peer friend = kept.scene().friend(V4);
      Peer other = kept.scene().wire().peer(V4.host(3));
      byte[] fwknop = Messages.fwknop();
      byte[] pknock = Messages.pknock(friend.address());
      assertThat(opens(friend, Messages.FWKNOP_PORT, fwknop, 22)).isTrue();
      assertThat(opens(friend, Messages.PKNOCK_PORT, pknock, 80)).isTrue();
      assertThat(opens(other, Messages.FWKNOP_PORT, Messages.fwknop(), 22)).isTrue();
      kept.command("revoke", "fwknop", friend.address()).ok();
      kept.command("revoke", "pknock", friend.address()).ok();

      for (int time = 1; time <= 2; time++) {
        restart(kept, 0);
        assertThat(other.gets(SERVER, 22)).as("its grant, time %s", time).isTrue();
        assertThat(friend.gets(SERVER, 22)).as("taken back").isFalse();
        assertThat(opens(friend, Messages.FWKNOP_PORT, fwknop, 22)).as("sent again").isFalse();
        assertThat(opens(friend, Messages.PKNOCK_PORT, pknock, 80)).as("sent again").isFalse();
        assertThat(opens(kept.scene().stranger(V4), Messages.FWKNOP_PORT, fwknop, 22)).isFalse();
      }
      byte[] fresh = Messages.fwknop();
      assertThat(opens(friend, Messages.FWKNOP_PORT, fresh, 22)).as("%s", kept.gate()).isTrue();
    }
  }

  @Test
  void aRotatingSequenceThatWasUsedStaysUsed() {
    try (KeptScene kept = new KeptScene(Messages.DOORS)) {
      kept.scene().wire().serving(443);
      String policy = kept.scene().policy().toString();
      Run printed =
          Gate.command(kept.scene().wire().client(), "sequence", "-c", policy, "rotating");
      String ports = printed.ok().out().lines().filter(l -> l.matches("[\\d ]+")).findFirst().get();
      List<String> steps = List.of(ports.split(" ", -1)).stream().map(p -> "tcp/" + p).toList();
      Peer friend = kept.scene().friend(V4);
      friend.knock(SERVER, steps);
      assertThat(friend.gets(SERVER, 443)).as("%s %s", ports, kept.gate()).isTrue();
      kept.command("revoke", "rotating", friend.address()).ok();

      restart(kept, 0);
      friend.knock(SERVER, steps);
      assertThat(friend.gets(SERVER, 443)).as("%s again, %s", ports, kept.gate()).isFalse();
      kept.gate().awaitEvent("why", event -> event.field("reason").equals("rotated-before"));
      assertThat(kept.gate().log()).anyMatch(line -> line.contains("and 1 used message"));
    }
  }

  @Test
  void whatEndedMeanwhileIsShutAndWhatWasTakenBackAtTheLastMomentIsCut() throws IOException {
    Path lines = folder.resolve("lines");
    Path program = folder.resolve("hook");
    Files.writeString(program, "#!/bin/sh\necho \"$*\" >>'" + lines + "'\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    String policy =
        """
        doors {
          ssh { protects = [ "tcp/22" ], knock = [ 7000, 8000, 9000 ], autoclose = 3s
                on-open = [ "HOOK", opened, "{peer}" ], on-close = [ "HOOK", shut, "{peer}" ] }
          web { protects = [ "tcp/80" ], knock = [ 7001, 8001, 9001 ], kill-established = true }
        }
        """
            .replace("HOOK", program.toString());
    try (KeptScene kept = new KeptScene(policy)) {
      Peer friend = kept.scene().friend(V4);
      friend.knock(SERVER, KNOCKS);
      kept.await("on-open", () -> Files.exists(lines));
      List<String> web = List.of("tcp/7001", "tcp/8001", "tcp/9001");
      try (Connection session = friend.knockAndConnect(SERVER, web, 80)) {
        assertThat(session.echoes("before")).as("%s", kept.gate()).isTrue();
        kept.command("revoke", "web", friend.address()).ok();
        assertThat(kept.gate().terminate()).isZero();
        assertThat(session.echoes("after")).as("%s", kept.gate()).isFalse();
      }
      assertThat(Files.readAllLines(lines)).containsExactly("opened " + friend.address());
      LockSupport.parkNanos(3_000_000_000L);
      kept.scene().restart();
      kept.await("on-close", () -> linesOf(lines).size() > 1);
      assertThat(linesOf(lines)).last().isEqualTo("shut " + friend.address());
    }
  }

  private static List<String> linesOf(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
