package knockgate.gate.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import knockgate.gate.BareGate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status file of xt_pknock, byte by byte. */
class PknockLinesTest {
  @TempDir private Path folder;

  private List<String> lines(BareGate gate, String door) {
    return Asked.texts(gate, "ask=pknock\ndoor=" + door, "line");
  }

  @Test
  void attemptsMatchAndGrantsAreAllowed() {
    BareGate gate =
        BareGate.of(
            folder,
            "doors { imap { protects = [ tcp/993 ], knock = [ 4002, 4001, 4004 ], time = 10s,",
            "  autoclose = 60m } }");
    gate.send("203.0.113.7", "tcp/4002", "tcp/4001", "tcp/4004").after(56_500);
    gate.send("203.0.113.9", "tcp/4002", "tcp/4001").after(2_100);
    gate.send("2001:db8::9", "tcp/4002").after(400);

    assertThat(lines(gate, "imap"))
        .containsExactlyInAnyOrder(
            "src=203.0.113.7 proto=TCP status=ALLOWED accepted_knock_count=3 autoclose_time=3541"
                + " [secs] ",
            "src=203.0.113.9 proto=TCP status=MATCHING accepted_knock_count=2 expir_time=8 [secs] ",
            "src=2001:db8::9 proto=TCP status=MATCHING accepted_knock_count=1 expir_time=10"
                + " [secs] ");
  }

  @Test
  void aGrantWithoutAnEndHasNoTimeAndUdpIsUdp() {
    BareGate gate =
        BareGate.of(
            folder,
            "doors { d { protects = [ tcp/1 ], knock = [ udp/7, 8 ], autoclose = never } }",
            "doors { e { protects = [ tcp/2 ], knock = [ udp/9, 8 ] } }");
    gate.send("10.9.0.2", "udp/7", "tcp/8").send("10.9.0.3", "udp/9");

    assertThat(lines(gate, "d"))
        .containsExactly("src=10.9.0.2 proto=UDP status=ALLOWED accepted_knock_count=2 ");
    assertThat(lines(gate, "e"))
        .containsExactly(
            "src=10.9.0.3 proto=UDP status=MATCHING accepted_knock_count=1 expir_time=10 [secs] ");
  }

  @Test
  void anUnknownDoorIsRefusedAsAMissingFileWas() {
    BareGate gate = BareGate.of(folder, "doors { d { protects = [ tcp/1 ], knock = [ 7, 8 ] } }");

    assertThat(Asked.refusal(gate, Access.LOOK, "ask=pknock\ndoor=x"))
        .isEqualTo("1 there is no door \"x\"; the doors are d");
  }
}
