package knockgate.gate.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import knockgate.gate.BareGate;
import knockgate.gate.Counter;
import knockgate.gate.GrantDesk;
import knockgate.gate.state.HookBook;
import knockgate.rules.words.Prefix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hooks run when doors open and shut, once each, whatever the events say. */
class HookWatchTest {
  private static final String PEER = "203.0.113.9";

  @TempDir private Path folder;
  private Script script;
  private BareGate gate;

  @BeforeEach
  void open() {
    script = Script.of(folder, "echo \"$*\" >>$log");
    gate = BareGate.of(folder, policy());
  }

  @AfterEach
  void close() {
    gate.hooks().close();
  }

  private String policy() {
    String hooks =
        """
        , on-open = [ "PROGRAM", opened, "{door}", "{peer}", "{family}", "{left}" ]
        , on-close = [ "PROGRAM", shut, "{door}", "{peer}" ]
        """
            .replace("PROGRAM", script.program().toString());
    return "doors {\n"
        + "imap { protects = [ tcp/993 ], knock = [ 1, 2 ], autoclose = 60s"
        + hooks
        + " }\n"
        + "once { protects = [ tcp/22 ], knock = [ 5, 6 ], autoclose = never, connections = 1"
        + ", covers { v4 = 24 }"
        + hooks
        + " }\n"
        + "mute { protects = [ tcp/80 ], knock = [ 8, 9 ] } }";
  }

  @Test
  void aDoorThatOpensAndShutsRunsBothOnce() {
    gate.send(PEER, "tcp/1", "tcp/2", "tcp/993").after(500);
    gate.hooks().look();
    assertThat(script.await(1)).containsExactly("opened imap 203.0.113.9 ipv4 60");
    gate.after(20_000).hooks().look();
    gate.send(PEER, "tcp/993").hooks().look();

    gate.after(40_000).hooks().look();
    gate.hooks().look();
    assertThat(script.await(2))
        .containsExactly("opened imap 203.0.113.9 ipv4 60", "shut imap 203.0.113.9");
    assertThat(gate.room().instruments().count(Counter.HOOKS)).isEqualTo(2);
    assertThat(gate.room().instruments().count(Counter.HOOKS_FAILED)).isZero();
  }

  @Test
  void aGrantGivenWhileTheWatchLooksHasNoMoreLeftThanItWasGivenFor() {
    gate.meanwhile(() -> gate.after(1).send(PEER, "tcp/1", "tcp/2")).hooks().look();
    assertThat(script.await(1)).containsExactly("opened imap 203.0.113.9 ipv4 60");
  }

  @Test
  void aGrantThatEndsWhileTheWatchLooksIsNotWithoutEnd() {
    gate.send(PEER, "tcp/1", "tcp/2").after(59_999);
    gate.meanwhile(() -> gate.after(1_001)).hooks().look();
    assertThat(script.await(1)).containsExactly("opened imap 203.0.113.9 ipv4 1");
  }

  @Test
  void grantsByHandRunHooksToo() {
    Prefix peer = Prefix.parse("2001:db8::1");
    gate.room().desk().give("imap", peer, GrantDesk.FOR_EVER, "root");
    gate.hooks().look();
    assertThat(script.await(1)).containsExactly("opened imap 2001:db8::1 ipv6 0");
    gate.room().desk().revoke("imap", peer, "root");
    gate.hooks().look();
    assertThat(script.await(2)).last().isEqualTo("shut imap 2001:db8::1");
  }

  @Test
  void aGrantThatWasUsedUpBetweenTwoLooksRunsBoth() {
    gate.send(PEER, "tcp/5", "tcp/6", "tcp/22");
    gate.hooks().look();
    assertThat(script.await(2))
        .containsExactly("opened once 203.0.113.0/24 ipv4 0", "shut once 203.0.113.0/24");
  }

  @Test
  void thoseOfOnePeerRunOneAfterTheOtherWhateverTheDoor() {
    Script slow = Script.of(folder, "echo begins >>$log", "sleep 0.2", "echo ends >>$log");
    gate.send("2001:db8::9", "tcp/1", "tcp/2", "tcp/5", "tcp/6").hooks().look();
    assertThat(slow.await(4)).containsExactly("begins", "ends", "begins", "ends");
  }

  @Test
  void manyPeersOfOnePrefixAreOne() {
    gate.send("203.0.113.1", "tcp/5", "tcp/6").send("203.0.113.2", "tcp/5", "tcp/6");
    gate.hooks().look();
    gate.hooks().look();
    script.await(1);
    assertThat(gate.hooks().started()).isEqualTo(1);
  }

  @Test
  void aDoorWithoutHooksRunsNothing() {
    gate.send(PEER, "tcp/8", "tcp/9");
    gate.hooks().look();
    assertThat(gate.hooks().started()).isZero();
  }

  @Test
  void whileTheGateOnlyObservesNothingOpensButWhatIsOpenShuts() {
    gate.send(PEER, "tcp/1", "tcp/2").hooks().look();
    script.await(1);
    gate.room().current().observe(true);
    gate.send("203.0.113.77", "tcp/1", "tcp/2").after(70_000).hooks().look();
    assertThat(script.await(2)).last().isEqualTo("shut imap 203.0.113.9");
    assertThat(gate.hooks().started()).isEqualTo(2);
  }

  @Test
  void aDoorThatIsGoneFromThePolicyIsShutWithItsOldHook() throws IOException {
    gate.send(PEER, "tcp/1", "tcp/2").hooks().look();
    script.await(1);
    Files.writeString(
        gate.file(), "doors { other { protects = [ tcp/993 ], knock = [ 1, 2, 3 ] } }");
    assertThat(gate.room().current().reload()).isEmpty();
    gate.hooks().look();
    assertThat(script.await(2)).last().isEqualTo("shut imap 203.0.113.9");
  }

  private static HookBook.Entry imap(String peer) {
    return new HookBook.Entry("imap", Prefix.parse(peer));
  }

  @Test
  void whatAnEarlierGateOpenedIsNotOpenedAgainAndIsShut() {
    gate.send(PEER, "tcp/1", "tcp/2");
    gate.book().opened(imap(PEER));
    gate.hooks().start();
    gate.send("203.0.113.8", "tcp/1", "tcp/2");
    assertThat(script.await(1)).containsExactly("opened imap 203.0.113.8 ipv4 60");
    gate.room().desk().revoke("imap", Prefix.parse(PEER), "root");
    assertThat(script.await(2)).last().isEqualTo("shut imap 203.0.113.9");
  }

  @Test
  void whatEndedWhileTheGateWasDownIsShutAtItsStart() {
    gate.book().opened(imap(PEER));
    gate.hooks().start();
    assertThat(script.await(1)).containsExactly("shut imap 203.0.113.9");
    Script.await("the book", () -> gate.book().open().isEmpty());
  }

  @Test
  void whatAnEarlierGateDidNotComeToOpenIsOpenedAtTheStart() {
    gate.send(PEER, "tcp/1", "tcp/2");
    gate.hooks().start();
    assertThat(script.await(1)).containsExactly("opened imap 203.0.113.9 ipv4 60");
    assertThat(gate.book().open()).containsExactly(imap(PEER));
  }

  @Test
  void whatEndsJustBeforeTheGateIsShutByIt() {
    gate.send(PEER, "tcp/1", "tcp/2");
    gate.hooks().start();
    script.await(1);
    gate.after(60_000).hooks().close();
    assertThat(script.await(2)).last().isEqualTo("shut imap 203.0.113.9");
    assertThat(gate.book().open()).isEmpty();
  }

  @Test
  void aDoorThatIsGoneSinceThenIsToldOf() {
    gate.book().opened(new HookBook.Entry("former", Prefix.parse(PEER)));
    gate.hooks().start();
    assertThat(gate.complaints()).contains("not run: on-close of the door former for 203.0.113.9");
    assertThat(gate.book().open()).isEmpty();
  }
}
