package knockgate.gate.state;

import static knockgate.gate.state.TwoDoors.BOTH;
import static knockgate.gate.state.TwoDoors.MINUTE;
import static knockgate.gate.state.TwoDoors.PEER;
import static knockgate.gate.state.TwoDoors.SSH;
import static knockgate.gate.state.TwoDoors.WEB;
import static knockgate.gate.state.TwoDoors.policy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import knockgate.gate.policy.PolicyLoader;
import knockgate.rules.GrantTable;
import knockgate.rules.policy.Door;
import knockgate.rules.words.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gate leaves behind where its doors cover other prefixes of one family in the next. */
class CoversInStateTest {
  @TempDir private Path files;

  private Life life() throws IOException {
    return new Life(files, BOTH, Life.NOON);
  }

  @Test
  void grantsOfTheOtherFamilyStayAsInAReload() throws IOException {
    Life first = life();
    first.grant(PEER, "ssh", 10 * MINUTE);
    Prefix peer = new Prefix(0, PEER, 128);
    first.hooks().opened(new HookBook.Entry("ssh", peer));
    String other = policy(SSH.replace("knock", "covers.v6 = 64, knock"), WEB);
    Life restarted = first.crash(other, 0);
    assertThat(restarted.grants()).as("a restart").hasSize(1);
    assertThat(restarted.hooks().open()).as("a restart").hasSize(1);
    Life reloaded = first.use(other).crash(other, 0);
    assertThat(reloaded.grants()).as("a reload, then a crash").hasSize(1);
    assertThat(reloaded.news()).noneMatch(line -> line.contains("not re"));
  }

  @Test
  void whatAGateBeforeKeptUnderOneNameForBothFamiliesIsRestored() throws IOException {
    Life first = life();
    Door ssh =
        PolicyLoader.load(Files.writeString(first.files().resolve("p"), BOTH)).doors().get(1);
    long kind = StateRecord.kind(StateRecord.GRANT, GrantTable.UNLIMITED, 0);
    long ends = Life.NOON + MINUTE;
    Snapshot.write(
        first.files().resolve("state"),
        new Snapshot.Header(0, Life.NOON),
        sink -> sink.add(0, PEER, DoorDigest.former(ssh), ends, MINUTE, kind));
    assertThat(first.crash(BOTH, 0, new byte[0]).grants()).containsOnlyKeys("ssh/0 ffffc0000202");
  }
}
