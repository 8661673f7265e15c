package knockgate.rules.hocon;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static knockgate.rules.hocon.PolicyTexts.problemsOf;
import static knockgate.rules.hocon.PolicyTexts.read;
import static knockgate.rules.words.Protocol.ICMP;
import static knockgate.rules.words.Protocol.TCP;
import static knockgate.rules.words.Protocol.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Limits;
import knockgate.rules.policy.Mark;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.QueueSpec;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.StateSpec;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Step;
import knockgate.rules.words.Verdict;
import org.junit.jupiter.api.Test;

class PolicyReaderTest {
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
  void theEnvironmentIsNotAsked() {
    assertThat(System.getenv()).containsKey("PATH");
    assertThat(problemsOf("mode = ${PATH}"))
        .containsExactly("policy:1: Could not resolve substitution to a value: ${PATH}");
    assertThat(System.getProperty("java.version")).isNotNull();
    assertThat(problemsOf("mode = ${java.version}")).hasSize(1);
  }
}
