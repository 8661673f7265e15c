package knockgate.gate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import knockgate.rules.KnockState;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.policy.Policy;
import org.junit.jupiter.api.Test;

class PolicyWarningsTest {
  private static final String GOOD =
      "rescue = [ \"192.0.2.1\" ]\ndoors.d { protects = [ tcp/22 ], knock = [ 7000, 9000, 8000 ] }\n";

  private static List<String> warnings(Policy policy) {
    return PolicyWarnings.of(policy).stream().map(PolicyWarnings.Warning::toString).toList();
  }

  @Test
  void aSoundPolicyHasNone() throws PolicyException {
    assertThat(warnings(CheckTexts.policy(GOOD))).isEmpty();
  }

  @Test
  void stanzasThatAreWeakerThanTheyCouldBe() throws PolicyException {
    String[][] rows = {
      {
        "key = a, insecure = true",
        ".insecure: true: whoever sends anything makes the gate decrypt it"
      },
      {"key = a, hmac-key = b, mode = ecb", ".mode: ecb shows equal blocks as equal; write cbc"},
      {"key = a, hmac-key = b, hmac = md5", ".hmac: md5 is old; write sha256"},
      {"key = a, hmac-key = b, hmac = sha1", ".hmac: sha1 is old; write sha256"},
    };
    for (String[] row : rows) {
      String spa = "spa { dialect = fwknop, stanzas { al { " + row[0] + " } } }";
      assertThat(
              warnings(
                  CheckTexts.policy(
                      "rescue = [ \"192.0.2.1\" ]\n"
                          + "doors.d { protects = [ tcp/22 ], "
                          + spa
                          + " }")))
          .containsExactly("doors.d.spa.stanzas.al" + row[1]);
    }
  }

  @Test
  void aStanzaWhoseGrantsNeverEndThoughTheDoorsDo() throws PolicyException {
    String stanzas =
        "stanzas { al { key = a, hmac-key = b, timeout = never }, bo { key = c, hmac-key = d } }";
    String door = "doors.d { protects = [ tcp/22 ], spa { dialect = fwknop, " + stanzas + " }";
    String rescue = "rescue = [ \"192.0.2.1\" ]\n";
    assertThat(warnings(CheckTexts.policy(rescue + door + " }")))
        .containsExactly(
            "doors.d.spa.stanzas.al.timeout: never: whoever gets in may come back until it is"
                + " revoked; leave it out for the door's autoclose");
    assertThat(warnings(CheckTexts.policy(rescue + door + ", autoclose = never }")))
        .containsExactly(
            "doors.d.autoclose: never: whoever gets in may come back until it is revoked");
  }

  @Test
  void aDoorThatCutsWhereThisMachinesOwnConnectionsBegin() throws PolicyException {
    String door = "rescue = [ \"192.0.2.1\" ]\ndoors.d { knock = [ 7000, 9000, 8000 ], ";
    String high = "protects = [ \"tcp/40000-40010\" ]";
    assertThat(warnings(CheckTexts.policy(door + high + ", kill-established = true }")))
        .singleElement()
        .asString()
        .startsWith("doors.d.kill-established: answers to this machine's own connections");
    assertThat(warnings(CheckTexts.policy(door + high + " }"))).isEmpty();
    String low = "protects = [ \"tcp/22\", \"tcp/61000-65535\" ], kill-established = true }";
    assertThat(warnings(CheckTexts.policy(door + low))).isEmpty();
  }

  @Test
  void severalLanesAndADoorOfTwoProtocols() throws PolicyException {
    String lanes = "rescue = [ \"192.0.2.1\" ]\nqueue.count = 2\n";
    String[] mixed = {
      "protects = [ tcp/22 ], knock = [ 7000, udp/9000, 8000 ]",
      "protects = [ udp/1194 ], knock = [ 7000, 9000, 8000 ]",
      "protects = [ tcp/22 ], spa { dialect = pknock, port = 4002, open-secret = abcdefgh }",
      "protects = [ udp/1194 ], rotating { secret = aaaaaaaaaaaaaaaa, range = \"tcp/20000-29999\" }",
    };
    for (String door : mixed) {
      assertThat(warnings(CheckTexts.policy(lanes + "doors.d { " + door + " }")))
          .as(door)
          .anyMatch(warning -> warning.startsWith("queue.count: "));
    }
    String plain = "doors.d { protects = [ tcp/22 ], knock = [ 7000, 9000, 8000 ] }";
    assertThat(warnings(CheckTexts.policy(lanes + plain))).isEmpty();
  }

  @Test
  void moreDoorsWithOneFirstKnockThanAPeerCanBeInTheMiddleOf() throws PolicyException {
    StringBuilder policy = new StringBuilder("rescue = [ \"192.0.2.1\" ]\n");
    for (int i = 1; i <= KnockState.SEQUENCES_AT_ONCE; i++) {
      policy.append("doors.d").append(i).append(" { protects = [ tcp/").append(i);
      policy.append(" ], knock = [ 7000, 9000, ").append(8000 + i).append(" ] }\n");
    }
    assertThat(warnings(CheckTexts.policy(policy.toString()))).isEmpty();
    policy.append("doors.last { protects = [ tcp/99 ], knock = [ 7000, 9000, 8099 ] }\n");
    assertThat(warnings(CheckTexts.policy(policy.toString())))
        .singleElement()
        .asString()
        .startsWith("doors.last.knock: 32 doors before it begin with tcp/7000 too")
        .endsWith("begin with another knock");
  }

  @Test
  void hooksThatCannotRun() throws PolicyException {
    String door = "doors.d { protects = [ tcp/22 ], knock = [ 7000, 9000, 8000 ], ";
    String rescue = "rescue = [ \"192.0.2.1\" ]\n";
    assertThat(
            warnings(
                CheckTexts.policy(
                    rescue + door + "on-open = [ /no/such ], on-close = [ /etc/passwd ] }")))
        .containsExactly(
            "doors.d.on-open: /no/such cannot be found",
            "doors.d.on-close: /etc/passwd is not a program that can be run");
    assertThat(warnings(CheckTexts.policy(rescue + door + "on-open = [ /bin/sh ] }"))).isEmpty();
  }

  @Test
  void whatTheGateMaySayWithoutMeaningIt() throws PolicyException {
    String[][] rows = {
      {
        "mode = observe", "mode: observe lets everyone in; write enforce once the events look right"
      },
      {
        "unparsable = accept",
        "unparsable: accept lets packets with broken headers past every door; write drop"
      },
      {
        "mark = none",
        "mark: without one only the layout \"direct\" works, which drops all when the gate is down"
      },
      {
        "queue.when-full = accept",
        "queue.when-full: accept lets whoever fills the queue past every door in the layout"
            + " \"direct\""
      },
      {
        "queue.filter = kernel-set, doors.d.strict = false, doors.d.knock = [ 7000, udp/9000 ]",
        "queue.filter: kernel-set spares nothing here: no door is strict, so only knocks and"
            + " protected ports come to the queue anyway"
      },
      {
        "queue.filter = kernel-set, doors.d.knock = [ 7000, 8000, 9000 ]",
        "doors.d.knock: the ports are in order, and behind queue.filter = kernel-set a scan in"
            + " order can be so fast that its wrong knocks pass unseen; mix the ports"
      },
      {
        "limits.first-knocks = unlimited",
        "limits.first-knocks: unlimited lets one prefix fill the room for attempts"
      },
      {
        "rescue = [ \"0.0.0.0/0\" ]",
        "rescue: 0.0.0.0/0 is a large part of the internet; no door is closed to it"
      },
      {
        "rescue = [ \"2000::/3\" ]",
        "rescue: 2000::/3 is a large part of the internet; no door is closed to it"
      },
    };
    for (String[] row : rows) {
      assertThat(warnings(CheckTexts.policy(GOOD + row[0]))).as(row[0]).containsExactly(row[1]);
    }
    assertThat(warnings(CheckTexts.policy("rescue = [ \"10.0.0.0/8\", \"2001::/16\" ]")))
        .containsExactly("doors: there is no door, so nothing is protected");
  }

  @Test
  void nobodyToRescue() throws PolicyException {
    String door = "knock = [ 7000, 9000, 8000 ]";
    assertThat(warnings(CheckTexts.door(door)))
        .containsExactly(
            "rescue: nobody gets in should knocking fail; add the address you work from");
    assertThat(
            warnings(
                CheckTexts.policy(
                    "unmatched = drop\ndoors.d { protects = [ tcp/22 ], " + door + " }")))
        .containsExactly(
            "rescue: unmatched = drop and no rescue address: a mistake locks out everyone, you"
                + " included");
  }

  @Test
  void sequencesThatStrangersWalkThrough() throws PolicyException {
    String one = "one knock is no secret: any scan opens the door; take three";
    String ordered = "the ports follow one another, so a scan in order opens the door; mix them";
    String loose = "the ports are in order and strict is false, so a scan in order opens the door";
    String[][] rows = {
      {"knock = [ 7000 ]", "knock: " + one},
      {"knock = [ icmp/77 ]", "knock: " + one},
      {"knock = [ 7000, 7001, 7002 ]", "knock: " + ordered},
      {"knock = [ 7002, 7001, 7000 ]", "knock: " + ordered},
      {"knock = [ udp/7000, udp/7001 ]", "knock: " + ordered},
      {"knock = [ 7000, 8000, 9000 ]", ""},
      {"knock = [ 7000, 7001, udp/7002 ]", ""},
      {"knock = [ 7000, 7000 ]", ""},
      {"knock = [ 7000, 8000, 9000 ], strict = false", "knock: " + loose},
      {"knock = [ 9000, 8000, 7000 ], strict = false", "knock: " + loose},
      {
        "knock = [ 7000, 9000, 8000 ], strict = false",
        "strict: false, so one in 6 scans in random order opens the door"
      },
      {"knock = [ 7000, udp/9000, 8000 ], strict = false", ""},
      {"knock = [ icmp/1, icmp/2 ], strict = false", ""},
      {
        "knock = [ 7000, 443, 22222 ]",
        "knock: tcp/443 is a port that many try; choose one that nobody uses"
      },
      {"knock = [ 7000, icmp/443, 22222 ]", ""},
      {
        "knock = [ 7000, 9000, 8000 ], autoclose = never",
        "autoclose: never: whoever gets in may come back until it is revoked"
      },
    };
    for (String[] row : rows) {
      List<String> expected = row[1].isEmpty() ? List.of() : List.of("doors.d." + row[1]);
      List<String> found = warnings(CheckTexts.door(row[0]));
      assertThat(found.subList(1, found.size())).as(row[0]).isEqualTo(expected);
    }
  }

  @Test
  void aKnockThatAnEarlierDoorProtectsIsLost() throws PolicyException {
    String a = "a { protects = [ tcp/9000 ], knock = [ 7000, 7007, 7003 ] }\n";
    String b = "\"b c\" { protects = [ tcp/22 ], knock = [ 7000, 9000, 8000 ] }\n";
    String rescue = "rescue = [ \"192.0.2.1\" ]\n";
    assertThat(warnings(CheckTexts.policy(rescue + "doors {\n" + a + b + "}")))
        .containsExactly(
            "doors.\"b c\".knock: tcp/9000 is protected by door a: for whoever may pass that one it"
                + " is no knock");
    assertThat(warnings(CheckTexts.policy(rescue + "doors {\n" + b + a + "}"))).isEmpty();
  }
}
