package knockgate.gate.e2e;

import static knockgate.gate.e2e.SavedTables.saved;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A terminal that takes no more, as after Ctrl-S: here a pipe that is full. */
class StoppedTerminalIT {
  private static final String FULL_PIPE =
      "mkfifo \"$1/pipe\" && exec 3<>\"$1/pipe\" && head -c 65536 /dev/zero >&3 && "
          + "exec \"$2\" rules -c \"$1/p.conf\" --iptables iptables-nft --apply --confirm 2s "
          + "--confirm-socket \"$1/confirm.sock\" --last \"$1/last\" >&3 2>&3";

  @TempDir private Path folder;

  @Test
  void rulesThatNobodyConfirmsAreTakenBackAllTheSame() throws Exception {
    Files.writeString(folder.resolve("p.conf"), Scene.SSH);
    try (Wire wire = new Wire()) {
      Namespace server = wire.server();
      List<String> command =
          List.of("sh", "-c", FULL_PIPE, "sh", folder.toString(), Gate.LAUNCHER.toString());
      Process process = new ProcessBuilder(server.command(command)).start();
      try {
        awaitGate(server, true);
        awaitGate(server, false);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("the command ends").isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private static void awaitGate(Namespace server, boolean there) throws InterruptedException {
    for (int tries = 0; tries < 300; tries++) {
      if (saved(server, "iptables-nft").contains("KNOCKGATE") == there) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new AssertionError(there ? "the rules are not applied" : "the rules still stand");
  }
}
