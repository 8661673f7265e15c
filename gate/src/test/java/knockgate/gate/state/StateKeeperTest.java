package knockgate.gate.state;

import static knockgate.gate.state.TwoDoors.BOTH;
import static knockgate.gate.state.TwoDoors.MINUTE;
import static knockgate.gate.state.TwoDoors.OTHER;
import static knockgate.gate.state.TwoDoors.PEER;
import static knockgate.gate.state.TwoDoors.SSH;
import static knockgate.gate.state.TwoDoors.WEB;
import static knockgate.gate.state.TwoDoors.policy;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SplittableRandom;
import knockgate.rules.GrantTag;
import knockgate.rules.spa.ReplayWindow;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gate leaves behind, however it ends, and what the next one makes of it. */
class StateKeeperTest {
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
  void aGrantIsThereAfterACrashWithTheTimeLeft() throws IOException {
    Life first = life();
    first.grant(PEER, "ssh", 10 * MINUTE);
    first.grant(OTHER, "web", -1);
    Life next = first.after(MINUTE).crash(BOTH, 2 * MINUTE);
    assertThat(next.grants())
        .containsOnly(
            Map.entry("ssh/0 ffffc0000202", 7 * MINUTE + " 65535"),
            Map.entry("web/0 ffffc0000203", "never 65535"));
    assertThat(next.news()).singleElement().asString().contains("restored 2 grants");
  }

  @Test
  void theSameAfterAnOrderlyEnd() throws IOException {
    Life first = life();
    first.grant(PEER, "ssh", 10 * MINUTE);
    Life next = first.after(MINUTE).restart(policy(SSH), 2 * MINUTE);
    assertThat(next.grants()).containsEntry("ssh/0 ffffc0000202", 7 * MINUTE + " 65535");
  }

  @Test
  void crashUponCrashLosesNothing() throws IOException {
    Life life = life();
    for (int i = 0; i < 20; i++) {
      life.grant(PEER + i, i % 2 == 0 ? "ssh" : "web", 100 * MINUTE);
      life = life.after(1000).crash(BOTH, 1000);
      assertThat(life.grants()).hasSize(i + 1);
    }
    assertThat(life.grants()).containsEntry("ssh/0 ffffc0000202", 100 * MINUTE - 40_000 + " 65535");
  }

  @Test
  void whatWasTakenBackOrRanOutStaysAway() throws IOException {
    Life first = life();
    first.grant(PEER, "ssh", 10 * MINUTE);
    first.grant(PEER, "web", 10 * MINUTE);
    first.grant(OTHER, "web", MINUTE);
    first.revoke(PEER, "ssh");
    assertThat(first.crash(BOTH, 2 * MINUTE).grants()).containsOnlyKeys("web/0 ffffc0000202");
  }

  @Test
  void extendedRenewedAndHalfUsedGrantsComeBackSo() throws IOException {
    Life first = life();
    long ssh = first.state().grantTag("ssh");
    long web = first.state().grantTag("web");
    first.grant(PEER, ssh, MINUTE, 5);
    first.state().grants().extend(0, PEER, ssh, first.now(), first.now() + 20 * MINUTE);
    first.state().grants().consume(0, PEER, ssh, first.now(), 1);
    first.state().grants().consume(0, PEER, ssh, first.now(), 2);
    first.grant(PEER, web, MINUTE, 1);
    first.state().grants().consume(0, PEER, web, first.now(), 1);
    assertThat(first.crash(BOTH, 0).grants())
        .as("the spent one is gone")
        .containsOnly(Map.entry("ssh/0 ffffc0000202", 20 * MINUTE + " 3"));
  }

  @Test
  void grantsOfSinglePortsComeBackForTheirPort() throws IOException {
    Life first = life();
    int door = GrantTag.doorId(first.state().grantTag("ssh"));
    first.grant(PEER, GrantTag.of(door, Protocol.TCP, 22), MINUTE, 7);
    Life next = first.crash(policy(SSH, WEB), 0);
    int doorNow = GrantTag.doorId(next.state().grantTag("ssh"));
    assertThat(doorNow).as("its number is another one now").isNotEqualTo(door);
    long tag = GrantTag.of(doorNow, Protocol.TCP, 22);
    assertThat(next.state().grants().isGranted(0, PEER, tag, next.now())).isTrue();
    assertThat(next.state().grants().isGranted(0, PEER, tag + 1, next.now())).isFalse();
  }

  @Test
  void usedMessagesStayUsed() throws IOException {
    Life first = life();
    ReplayWindow window = first.state().replays();
    long end = first.epoch() + 5 * MINUTE;
    assertThat(window.admit(0x1234_5678_9abc_def0L, end, first.epoch()))
        .isEqualTo(ReplayWindow.Answer.FRESH);
    Life next = first.crash(BOTH, MINUTE).crash(BOTH, MINUTE).restart(BOTH, MINUTE);
    assertThat(next.state().replays().admit(0x1234_5678_9abc_def0L, end, next.epoch()))
        .isEqualTo(ReplayWindow.Answer.SEEN);
    assertThat(next.news()).singleElement().asString().contains("0 grants and 1 used message ");
  }

  @Test
  void aClockThatWentBackLengthensNoGrant() throws IOException {
    Life first = life();
    first.grant(PEER, "ssh", 10 * MINUTE);
    first.after(5 * MINUTE);
    Life next = first.crash(BOTH, -600 * MINUTE);
    assertThat(next.grants()).containsEntry("ssh/0 ffffc0000202", 10 * MINUTE + " 65535");
    Life afterSnapshot = first.restart(BOTH, -600 * MINUTE);
    assertThat(afterSnapshot.grants())
        .as("the snapshot at the end knew of five minutes less")
        .containsEntry("ssh/0 ffffc0000202", 5 * MINUTE + " 65535");
    assertThat(afterSnapshot.news()).anyMatch(line -> line.contains("36000 s behind"));
  }

  @Test
  void aClockThatWentForwardShortensThem() throws IOException {
    Life first = life();
    first.grant(PEER, "ssh", 10 * MINUTE);
    first.grant(PEER, "web", -1);
    assertThat(first.crash(BOTH, 600 * MINUTE).grants()).containsOnlyKeys("web/0 ffffc0000202");
  }

  @Test
  void grantsOfADoorThatIsGoneAreNotRestoredAndItIsSaid() throws IOException {
    Life first = life();
    first.grant(PEER, "ssh", 10 * MINUTE);
    first.grant(PEER, "web", 10 * MINUTE);
    first.grant(OTHER, "web", 10 * MINUTE);
    Life next = first.crash(policy(SSH), 0);
    assertThat(next.grants()).containsOnlyKeys("ssh/0 ffffc0000202");
    assertThat(next.news()).anyMatch(line -> line.contains("2 grants of the door web"));
    assertThat(next.crash(BOTH, 0).grants())
        .as("what was once not restored does not come back")
        .containsOnlyKeys("ssh/0 ffffc0000202");
  }

  @Test
  void aDoorWhoseGrantsCoverOtherPrefixesIsAnotherDoor() throws IOException {
    Life first = life();
    first.grant(PEER, "ssh", 10 * MINUTE);
    String wider = policy(SSH.replace("knock", "covers.v4 = 24, knock"), WEB);
    Life next = first.crash(wider, 0);
    assertThat(next.grants()).isEmpty();
    assertThat(next.news()).anyMatch(line -> line.contains("1 grant of the door ssh"));
    String elsewhere = policy(SSH.replace("tcp/22", "tcp/2222"), WEB);
    assertThat(first.crash(elsewhere, 0).grants()).as("as after a reload").hasSize(1);
  }

  @Test
  void doorsOfALaterPolicyAreKeptToo() throws IOException {
    Life first = new Life(files, policy(SSH), Life.NOON);
    first.use(BOTH);
    first.grant(PEER, "web", MINUTE);
    Life next = first.crash(BOTH, 0);
    assertThat(next.grants()).containsOnlyKeys("web/0 ffffc0000202");
  }

  @Test
  void anythingAtAnyMomentSurvivesACrash() throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    Life life = life();
    for (int step = 0; step < 60_000; step++) {
      long peer = PEER + random.nextInt(300);
      String door = random.nextBoolean() ? "ssh" : "web";
      switch (random.nextInt(8)) {
        case 0, 1, 2, 3 -> life.grant(peer, door, (1 + random.nextInt(60)) * MINUTE);
        case 4 -> life.grant(peer, life.state().grantTag(door), MINUTE, 1 + random.nextInt(9));
        case 5 -> life.revoke(peer, door);
        case 6 ->
            life.state().grants().consume(0, peer, life.state().grantTag(door), life.now(), step);
        default -> life.after(random.nextInt(2000));
      }
      if (random.nextInt(1000) == 0) {
        life.keeper().tick();
      }
      if (random.nextInt(3000) == 0) {
        Life next = life.crash(BOTH, 0);
        assertThat(next.grants()).as("seed %s step %s", SEED, step).isEqualTo(life.grants());
        life = random.nextBoolean() ? next : life;
      }
    }
    assertThat(life.keeper().lost()).isZero();
  }

  @Test
  void whatFindsNoRoomInTheJournalIsInTheNextSnapshot() throws IOException {
    Life first = life();
    for (int i = 0; i < 40_000; i++) {
      first.grant(PEER + i % 1000, "ssh", (long) (1 + i / 1000) * MINUTE);
    }
    assertThat(first.keeper().lost()).isPositive();
    first.keeper().tick();
    assertThat(first.crash(BOTH, 0).grants()).hasSize(1000).isEqualTo(first.grants());
  }

  @Test
  void whatHooksHaveDoneIsKnownAfterACrashAndAfterAnEnd() throws IOException {
    HookBook.Entry ssh = new HookBook.Entry("ssh", new Prefix(0, PEER, 128));
    HookBook.Entry web = new HookBook.Entry("web", new Prefix(0, OTHER, 128));
    HookBook.Entry done = new HookBook.Entry("web", new Prefix(0, PEER, 128));
    Life first = life();
    first.hooks().opened(ssh);
    first.hooks().opened(done);
    first.hooks().shut(done);
    Life second = first.crash(BOTH, 0);
    assertThat(second.hooks().open()).containsExactly(ssh);
    second.hooks().opened(web);
    Life third = second.restart(BOTH, 0);
    assertThat(third.hooks().open()).containsExactlyInAnyOrder(ssh, web);
    Life fourth = third.crash(policy(WEB), 0);
    assertThat(fourth.hooks().open()).containsExactly(web);
    assertThat(fourth.news())
        .anyMatch(line -> line.contains("not run: on-close of the door ssh for 1 peer"));
  }

  @Test
  void aGrantOnThePacketPathMakesNoGarbage() throws IOException {
    Life life = life();
    long tag = life.state().grantTag("ssh");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 15_000; i++) {
      life.grant(PEER + i % 100, tag, MINUTE, 9);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10_000; i++) {
      life.grant(PEER + i % 100, tag, MINUTE, 9);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(life.keeper().lost()).isZero();
    assertThat(bytes).as("bytes for 10,000 grants").isLessThan(10_000);
  }

  @Test
  void withoutAJournalEveryTickSavesWhatHasChanged() throws IOException {
    Life first = life();
    try (FileChannel journal =
        FileChannel.open(files.resolve("state.journal"), StandardOpenOption.WRITE)) {
      journal.truncate(0);
    }
    assertThat(first.grant(PEER, "ssh", 10 * MINUTE)).isTrue();
    assertThat(first.keeper().journalFault()).isNotNull();
    first.keeper().tick();
    assertThat(first.grant(OTHER, "web", 10 * MINUTE)).isTrue();
    first.after(1000).keeper().tick();
    assertThat(first.crash(BOTH, 0).grants()).hasSize(2);
  }
}
