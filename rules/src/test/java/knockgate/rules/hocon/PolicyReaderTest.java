package knockgate.rules.hocon;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static knockgate.rules.Protocol.ICMP;
import static knockgate.rules.Protocol.TCP;
import static knockgate.rules.Protocol.UDP;
import static knockgate.rules.hocon.PolicyTexts.DOOR;
import static knockgate.rules.hocon.PolicyTexts.problemsOf;
import static knockgate.rules.hocon.PolicyTexts.read;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import knockgate.rules.Door;
import knockgate.rules.Limits;
import knockgate.rules.Mark;
import knockgate.rules.Policy;
import knockgate.rules.PortRange;
import knockgate.rules.Prefix;
import knockgate.rules.Protocol;
import knockgate.rules.QueueSpec;
import knockgate.rules.Sequence;
import knockgate.rules.StateSpec;
import knockgate.rules.Step;
import knockgate.rules.TcpFlags;
import knockgate.rules.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyReaderTest {
  private static final Sequence PLAIN =
      new Sequence(
          List.of(new Step(TCP, 7000)), true, ofSeconds(10), null, TcpFlags.OPENING, true, true);

  @Test
  void theExampleOfTheLanguageIsReadWhole() throws PolicyException {
    Policy policy =
        read(
"""
queue {
  number    = 0          # NFQUEUE number of the first lane
  count     = 1
  length    = 16384
  when-full = drop
}
mode       = enforce
unmatched  = accept
unparsable = drop
mark       = "0x4b/0xff"
rescue     = [ "192.0.2.10", "2001:db8::/48" ]
limits { attempts = 65536, grants = 16384, first-knocks = "50/s", prefix-v4 = 32, prefix-v6 = 64 }

doors {
  imap {
    protects  = [ "tcp/993" ]
    knock     = [ 4002, 4001, 4004 ]
    strict    = true
    time      = 10s
    autoclose = 60m
  }
  vpn {
    protects = [ "udp/1194", "tcp/1000-1010" ]
    knock    = [ "udp/7000", 8000, "icmp/128" ]
    window   = 15s
  }
}
""");
    Door imap =
        new Door(
            "imap",
            List.of(new PortRange(TCP, 993, 993)),
            new Sequence(
                List.of(new Step(TCP, 4002), new Step(TCP, 4001), new Step(TCP, 4004)),
                true,
                ofSeconds(10),
                null,
                TcpFlags.OPENING,
                true,
                true),
            ofHours(1),
            32,
            128,
            0);
    Door vpn =
        new Door(
            "vpn",
            List.of(new PortRange(UDP, 1194, 1194), new PortRange(TCP, 1000, 1010)),
            new Sequence(
                List.of(new Step(UDP, 7000), new Step(TCP, 8000), new Step(ICMP, 128)),
                true,
                ofSeconds(10),
                ofSeconds(15),
                TcpFlags.OPENING,
                true,
                true),
            ofHours(1),
            32,
            128,
            0);
    assertThat(policy)
        .isEqualTo(
            new Policy(
                new QueueSpec(0, 1, 16384, false, 0, false),
                false,
                Verdict.ACCEPT,
                Verdict.DROP,
                new Mark(0x4b, 0xff),
                List.of(Prefix.parse("192.0.2.10"), Prefix.parse("2001:db8::/48")),
                new Limits(65536, 16384, 50, 32, 64),
                List.of(imap, vpn)));
  }

  @Test
  void anEmptyPolicyIsAllDefaultsAndNoDoor() throws PolicyException {
    assertThat(read(""))
        .isEqualTo(
            new Policy(
                new QueueSpec(0, 1, 16384, false, 0, false),
                false,
                Verdict.ACCEPT,
                Verdict.DROP,
                new Mark(0x4b, 0xff),
                List.of(),
                new Limits(65536, 16384, 50, 32, 64),
                List.of()));
  }

  @Test
  void everyKeyHasAnotherValueThanItsDefault() throws PolicyException {
    Policy policy =
        read(
"""
queue { number = 7, count = 4, length = 1, when-full = accept, threads = 2 }
mode = observe
unmatched = drop
unparsable = accept
mark = none
limits { attempts = 16, grants = 1, first-knocks = unlimited, prefix-v4 = 24, prefix-v6 = 48 }
doors.d {
  protects = [ tcp/22 ]
  knock = [ 7000 ]
  strict = false
  time = none
  window = 1500ms
  autoclose = never
  flags = [ syn, "!ack", "!rst" ]
  repeats = count
  restart = false
  covers { v4 = 24, v6 = 64 }
  connections = 3
  kill-established = true
}
""");
    Sequence sequence =
        new Sequence(
            List.of(new Step(TCP, 7000)),
            false,
            null,
            ofMillis(1500),
            new TcpFlags(TcpFlags.SYN, TcpFlags.ACK | TcpFlags.RST),
            false,
            false);
    assertThat(policy)
        .isEqualTo(
            new Policy(
                new QueueSpec(7, 4, 1, true, 2, false),
                true,
                Verdict.DROP,
                Verdict.ACCEPT,
                null,
                List.of(),
                new Limits(16, 1, 0, 24, 48),
                List.of(
                    new Door(
                        "d",
                        List.of(new PortRange(TCP, 22, 22)),
                        sequence,
                        null,
                        24,
                        64,
                        3,
                        true))));
  }

  @Test
  void theStateIsKeptWhereThePolicySays() throws PolicyException {
    assertThat(read("").state()).isEqualTo(new StateSpec(StateSpec.USUAL));
    assertThat(read("state.file = none").state()).isEqualTo(new StateSpec(StateSpec.NONE));
    StateSpec named = read("state { file = \"/srv/gate/state\" }").state();
    assertThat(named.file()).isEqualTo("/srv/gate/state");
    assertThat(named.demanded()).isTrue();
    assertThat(StateSpec.DEFAULT.demanded()).isFalse();
    for (String wrong : new String[] {"state", "./state", "/", "/var/lib/", "never"}) {
      assertThat(PolicyTexts.problemsOf("state.file = \"" + wrong + "\""))
          .as(wrong)
          .singleElement()
          .asString()
          .contains("is unclear; write usual, none, or the absolute path");
    }
  }

  @Test
  void aKernelSetMayStandBeforeTheQueue() throws PolicyException {
    assertThat(read("queue.filter = kernel-set").queue().kernelSet()).isTrue();
    assertThat(read("queue.filter = plain").queue().kernelSet()).isFalse();
  }

  @Test
  void strictPauseIsTheLongestInWhichAWrongKnockCounts() throws PolicyException {
    String[][] rows = {
      {"knock = [ 1, 2 ]", "PT10S"},
      {"knock = [ 1, 2 ], time = 5s, window = 3s", "PT3S"},
      {"knock = [ 1, 2 ], time = none, window = 1m", "PT1M"},
      {"knock = [ 1, 2 ], strict = false", "PT0S"},
      {"knock = [ 1 ]", "PT0S"},
    };
    for (String[] row : rows) {
      Policy policy = read("doors.d { protects = [ tcp/22 ], " + row[0] + " }");
      assertThat(policy.strictPause()).as(row[0]).isEqualTo(Duration.parse(row[1]));
    }
    assertThat(read("").strictPause()).isZero();
    String a = "protects = [ tcp/22 ], knock = [ 1, 2 ], time = 7s";
    String b = "protects = [ tcp/23 ], knock = [ 1, 2 ], time = 9s, window = 30s";
    assertThat(read("doors { a { " + a + " }, b { " + b + " } }").strictPause())
        .isEqualTo(ofSeconds(9));
  }

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
    assertThat(b.trigger()).isEqualTo(with(ofSeconds(1)));
    assertThat(List.of(b.coversV4(), b.coversV6())).containsExactly(24, 56);
  }

  private static Sequence with(java.time.@Nullable Duration time) {
    return new Sequence(
        PLAIN.steps(), true, time, null, PLAIN.flags(), PLAIN.ignoresRepeats(), PLAIN.restart());
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

  @Test
  void doorsKeepTheOrderOfTheFile() throws PolicyException {
    StringBuilder text = new StringBuilder("doors {\n");
    List<String> names =
        List.of("zulu", "alpha", "mike", "bravo", "\"odd name\"", "yankee", "delta", "x", "é");
    for (String name : names) {
      text.append(name).append(" {\n protects = [ tcp/22 ]\n knock = [ 7000 ]\n}\n");
    }
    assertThat(read(text + "}").doors())
        .extracting(Door::name)
        .containsExactly("zulu", "alpha", "mike", "bravo", "odd name", "yankee", "delta", "x", "é");
  }

  @Test
  void aDoorMadeFromAnotherStandsWhereItIsWritten() throws PolicyException {
    Policy policy =
        read(
            """
            doors {
              first { protects = [ tcp/22 ], knock = [ 7000 ] }
              second { protects = [ tcp/23 ], knock = [ 7000 ] }
              third = ${doors.first} { protects = [ tcp/24 ] }
            }
            """);
    assertThat(policy.doors()).extracting(Door::name).containsExactly("first", "second", "third");
    assertThat(policy.doors().get(2).protects()).containsExactly(new PortRange(TCP, 24, 24));
    assertThat(policy.doors().get(2).trigger()).isEqualTo(policy.doors().get(0).trigger());
  }

  @Test
  void aDoorOfSeveralPiecesIsOneDoor() throws PolicyException {
    Policy policy =
        read(
            """
            doors {
              a { protects = [ tcp/22 ], knock = [ 7000 ] }
              b = ${doors.a} {
                strict = false
              } { time = 3s }
            }
            doors.c.protects = [ tcp/24 ]
            doors.c.knock = [ 7000 ]
            doors.a.time = 4s
            """);
    assertThat(policy.doors()).extracting(Door::name).containsExactly("a", "b", "c");
    assertThat(policy.doors().get(0).trigger()).isEqualTo(with(ofSeconds(4)));
  }

  @Test
  void twoDoorsOfOneNameAreRefusedHoweverTheyAreWritten() {
    String door = PolicyTexts.DOOR;
    String again = "; give each its own, or HOCON makes one door of both";
    assertThat(problemsOf("doors {\n a" + door + " b" + door + " a" + door + "}"))
        .containsExactly("policy:4: doors.a: another door has this name, at policy:2" + again);
    assertThat(problemsOf("doors { a" + door.strip() + ", a" + door + "}"))
        .containsExactly("policy:1: doors.a: another door has this name, at policy:1" + again);
    assertThat(problemsOf("doors.a" + door + "doors.b" + door + "doors { \"a\"" + door + "}"))
        .containsExactly("policy:3: doors.a: another door has this name, at policy:1" + again);
    assertThat(problemsOf("doors.b" + door + "doors.a" + door + "doors.a = ${doors.b}\n"))
        .containsExactly("policy:3: doors.a: another door has this name, at policy:2" + again);
  }

  @Test
  void doorsOfAnIncludedFileStandWhereTheIncludeStands() throws PolicyException {
    PolicySource top = new PolicySource("top", "doors { i1" + DOOR + "}", List.of());
    PolicySource inner = new PolicySource("inner", "i2" + DOOR + "\n i3" + DOOR, List.of());
    String text =
        "doors.m1"
            + DOOR
            + "include \"top\"\ndoors { m2"
            + DOOR
            + "include \"inner\"\n m3"
            + DOOR
            + "}";
    PolicySource main = new PolicySource("main", text, List.of(top, inner));
    Config parsed =
        PolicyTexts.parse(text.replaceAll("include \"\\w+\"", ""), "main")
            .withFallback(PolicyTexts.parse(top.text(), "top"))
            .withFallback(PolicyTexts.parse("doors { " + inner.text() + "}", "inner"));
    assertThat(PolicyReader.read(parsed, main).doors())
        .extracting(Door::name)
        .containsExactly("m1", "i1", "m2", "i2", "i3", "m3");
  }

  @Test
  void theEnvironmentIsNotAsked() {
    assertThat(System.getenv()).containsKey("PATH");
    assertThat(problemsOf("mode = ${PATH}"))
        .containsExactly("policy:1: Could not resolve substitution to a value: ${PATH}");
    assertThat(System.getProperty("java.version")).isNotNull();
    assertThat(problemsOf("mode = ${java.version}")).hasSize(1);
  }

  @Test
  void aTreeWithoutItsTextIsReadInTheOrderOfItsLines() throws PolicyException {
    Config parsed =
        ConfigFactory.parseString(
            "doors { zulu" + DOOR + "\n alpha" + DOOR + "\n mike" + DOOR + "}");
    for (Config tree : List.of(parsed, parsed.resolve())) {
      assertThat(PolicyReader.read(tree).doors())
          .extracting(Door::name)
          .containsExactly("zulu", "alpha", "mike");
    }
  }
}
