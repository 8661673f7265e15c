package knockgate.rules.hocon;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static knockgate.rules.hocon.PolicyTexts.read;
import static knockgate.rules.words.Protocol.TCP;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;
import org.junit.jupiter.api.Test;

/** What the keys of a door mean, and those of {@code defaults}. */
class DoorReaderTest {
  @Test
  void defaultsHoldForDoorsThatDoNotSayOtherwise() throws PolicyException {
    Policy policy =
        read(
"""
defaults { time = 5s, window = 1m, autoclose = 30m, strict = false, covers { v4 = 24 } }
doors {
  a { protects = [ tcp/22 ], knock = [ 7000 ] }
  b {
    protects = [ tcp/23 ], knock = [ 7000 ]
    time = none, window = none, time = 1s, autoclose = never, strict = true
    covers { v6 = 56 }
  }
}
""");
    Door a = policy.doors().get(0);
    Door b = policy.doors().get(1);
    assertThat(a.autoclose()).isEqualTo(ofMinutes(30));
    assertThat(a.trigger())
        .isEqualTo(
            new Sequence(
                List.of(new Step(TCP, 7000)),
                false,
                ofSeconds(5),
                ofMinutes(1),
                TcpFlags.OPENING,
                true,
                true));
    assertThat(List.of(a.coversV4(), a.coversV6())).containsExactly(24, 128);
    assertThat(b.autoclose()).isNull();
    assertThat(b.trigger()).isEqualTo(PolicyTexts.knocks(ofSeconds(1)));
    assertThat(List.of(b.coversV4(), b.coversV6())).containsExactly(24, 56);
  }

  @Test
  void durationsTakeTheirUnits() throws PolicyException {
    String[][] rows = {
      {"250ms", "PT0.25S"},
      {"1.5s", "PT1.5S"},
      {"10 s", "PT10S"},
      {"2 minutes", "PT2M"},
      {"1 hour", "PT1H"},
      {"365d", "PT8760H"},
    };
    for (String[] row : rows) {
      Policy policy = read(PolicyTexts.door("autoclose = " + row[0]));
      assertThat(policy.doors().get(0).autoclose()).as(row[0]).hasToString(row[1]);
    }
  }

  @Test
  void flagsAreReadAsWords() throws PolicyException {
    Object[][] rows = {
      {"syn", TcpFlags.OPENING},
      {"any", TcpFlags.ANY},
      {"[ syn ]", new TcpFlags(TcpFlags.SYN, 0)},
      {"[ \"!syn\" ]", new TcpFlags(0, TcpFlags.SYN)},
      {"[ fin, psh, urg ]", new TcpFlags(0x29, 0)},
      {"[ rst, ack, ece, \"!cwr\" ]", new TcpFlags(0x54, 0x80)},
    };
    for (Object[] row : rows) {
      Policy policy = read(PolicyTexts.door("flags = " + row[0]));
      assertThat(((Sequence) policy.doors().get(0).trigger()).flags())
          .as("flags = " + row[0])
          .isEqualTo(row[1]);
    }
  }

  @Test
  void aDoorMayProtectItsOwnKnocksIfItSaysSo() throws PolicyException {
    Policy policy =
        read(
            "doors { d { protects = [ tcp/1-65535 ], knock = [ 7000 ], protects-knocks = true } }");
    assertThat(policy.doors().get(0).protects(Protocol.TCP, 7000)).isTrue();
  }
}
