package knockgate.gate.state;

import static knockgate.gate.state.TwoDoors.BOTH;
import static knockgate.gate.state.TwoDoors.MINUTE;
import static knockgate.gate.state.TwoDoors.OTHER;
import static knockgate.gate.state.TwoDoors.PEER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a gate makes of files that are not as they were written: never an end, and never a way in.
 */
class DamagedStateTest {
  private static final long SEED = 20_261_122;

  @TempDir private Path folder;

  private Path files;

  @BeforeEach
  void makeFolder() throws IOException {
    files = Files.createTempDirectory(folder, "state");
  }

  private Life life() throws IOException {
    return new Life(files, BOTH, Life.NOON);
  }

  @Test
  void aDamagedSnapshotIsSetAsideAndTheJournalStillCounts() throws IOException {
    Life first = life();
    first.grant(PEER, "ssh", 10 * MINUTE);
    first.close();
    Path snapshot = files.resolve("state");
    byte[] bytes = Files.readAllBytes(snapshot);
    bytes[70] ^= 4;
    Files.write(snapshot, bytes);
    Life next = new Life(files, BOTH, Life.NOON);
    assertThat(next.news())
        .as("%s", next.news())
        .anyMatch(line -> line.contains("state is damaged: record 1 of 5 is broken; it is now "));
    assertThat(next.grants()).containsOnlyKeys("ssh/0 ffffc0000202");
    try (Stream<Path> all = Files.list(files)) {
      assertThat(all.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.matches("state\\.damaged-\\d{8}T\\d{6}Z"));
    }
    next.close();
  }

  @Test
  void aDamagedJournalIsSetAsideAndTheSnapshotStillCounts() throws IOException {
    Life first = life();
    first.grant(PEER, "ssh", 10 * MINUTE);
    Life second = first.restart(BOTH, 0);
    second.grant(OTHER, "ssh", 10 * MINUTE);
    second.close();
    Files.write(files.resolve("state.journal"), new byte[] {1, 2, 3});
    Life next = new Life(files, BOTH, Life.NOON);
    assertThat(next.news()).anyMatch(line -> line.contains("state.journal is damaged"));
    assertThat(next.grants()).hasSize(2);
    next.grant(PEER + 2, "web", MINUTE);
    assertThat(next.crash(BOTH, 0).grants()).as("and there is a journal again").hasSize(3);
  }

  @Test
  void theJournalKnowsLongerThanTheSnapshotIsOld() throws IOException {
    Life first = life();
    first.grant(PEER, "ssh", 10 * MINUTE);
    for (int i = 0; i < 5; i++) {
      first.grant(OTHER, "ssh", 10 * MINUTE);
      first.revoke(OTHER, "ssh");
      first.keeper().tick();
    }
    byte[] snapshot = Files.readAllBytes(files.resolve("state"));
    snapshot[70] ^= 4;
    Files.write(files.resolve("state"), snapshot);
    assertThat(first.crash(BOTH, 0).grants()).containsOnlyKeys("ssh/0 ffffc0000202");
  }

  @Test
  void whoWasThrownOutStaysOutHoweverTheJournalFares() throws IOException {
    Life first = life();
    first.grant(PEER, "ssh", 10 * MINUTE);
    first.grant(OTHER, "ssh", 10 * MINUTE);
    first.keeper().tick();
    first.after(1000).revoke(PEER, "ssh");
    first.keeper().tick();
    first.after(1000);
    for (int journal = 0; journal < 2; journal++) {
      Life next = first.crash(BOTH, 0, journal == 0 ? new byte[0] : new byte[] {1, 2, 3});
      assertThat(next.grants()).containsOnlyKeys("ssh/0 ffffc0000203");
    }
  }

  @Test
  void aBrokenRecordOfTheJournalIsToldOf() throws IOException {
    Life first = life();
    first.grant(PEER, "ssh", 10 * MINUTE);
    first.grant(OTHER, "ssh", 10 * MINUTE);
    byte[] journal = Files.readAllBytes(files.resolve("state.journal"));
    journal[5 * StateRecord.BYTES + 9] ^=
        1; // behind the header and two names for each of two doors
    Life next = first.crash(BOTH, 0, journal);
    assertThat(next.grants()).containsOnlyKeys("ssh/0 ffffc0000203");
    assertThat(next.news()).anyMatch(line -> line.contains("1 record of "));
    assertThat(first.crash(BOTH, 0).news()).noneMatch(line -> line.contains("record of"));
  }

  @Test
  void noFileAtAllAndAnyRubbishIsNeverFatal() throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int round = 0; round < 200; round++) {
      for (String name : new String[] {"state", "state.journal"}) {
        byte[] rubbish = new byte[random.nextInt(400)];
        random.nextBytes(rubbish);
        Files.write(files.resolve(name), rubbish);
      }
      try (Life life = new Life(files, BOTH, Life.NOON)) {
        assertThat(life.grants()).as("seed %s round %s", SEED, round).isEmpty();
        life.grant(PEER, "ssh", MINUTE);
        assertThat(life.crash(BOTH, 0).grants()).hasSize(1);
      }
    }
  }

  @Test
  void lastBytesOfAFileThatIsLongerThanItSaysAreNotRead() throws IOException {
    life().close();
    Path snapshot = files.resolve("state");
    byte[] whole = Files.readAllBytes(snapshot);
    Files.write(snapshot, Arrays.copyOf(whole, whole.length + 64));
    try (Life next = life()) {
      assertThat(next.news()).anyMatch(line -> line.contains("is damaged"));
    }
  }
}
