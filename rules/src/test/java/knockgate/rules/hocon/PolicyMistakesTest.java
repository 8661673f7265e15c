package knockgate.rules.hocon;

import static knockgate.rules.hocon.PolicyTexts.door;
import static knockgate.rules.hocon.PolicyTexts.problemsOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every mistake that a policy can hold, and the sentence for it. */
class PolicyMistakesTest {
  @Test
  void mistakesOutsideDoors() {
    String[][] rows = {
      {"queue.number = 65536", "queue.number: 65536 is out of bounds; write 0 to 65535"},
      {"queue.number = -1", "queue.number: -1 is out of bounds; write 0 to 65535"},
      {
        "queue.number = 99999999999999",
        "queue.number: 99999999999999 is out of bounds; write 0 to 65535"
      },
      {"queue.number = \"7\"", "queue.number: \"7\" is text; write 7 without quotes"},
      {"queue.number = 1.5", "queue.number: 1.5 is not a whole number; write 0 to 65535"},
      {"queue.number = true", "queue.number: true is not a whole number; write 0 to 65535"},
      {"queue.number = [ 1 ]", "queue.number: [1] is not a whole number; write 0 to 65535"},
      {"queue.number = null", "queue.number: null says nothing; leave the key out"},
      {"queue.length = 16k", "queue.length: \"16k\" is not a number; write 1 to 1048576"},
      {"queue.length = 0", "queue.length: 0 is out of bounds; write 1 to 1048576"},
      {"queue.length = 1048577", "queue.length: 1048577 is out of bounds; write 1 to 1048576"},
      {"queue.count = 0", "queue.count: 0 is out of bounds; write 1 to 64"},
      {"queue.count = 65", "queue.count: 65 is out of bounds; write 1 to 64"},
      {
        "queue { number = 65530, count = 7 }",
        "queue.count: 7 lanes from 65530 on pass 65535, the last queue"
      },
      {"queue.when-full = open", "queue.when-full: \"open\" is unknown; write accept or drop"},
      {"queue.when-full = dorp", "queue.when-full: \"dorp\" is unknown; did you mean drop?"},
      {"queue.threads = 3", "queue.threads: 3 is out of bounds; write 1 to 2"},
      {"queue.threads = many", "queue.threads: \"many\" is unknown; write auto"},
      {"queue = 7", "queue: 7 is not a block; write queue { ... }"},
      {"queue { numer = 7 }", "queue.numer: there is no such key; did you mean number?"},
      {
        "queue { zzz = 7 }",
        "queue.zzz: there is no such key; write one of count, filter, length, number, threads,"
            + " when-full"
      },
      {"queue.filter = ipset", "queue.filter: \"ipset\" is unknown; write kernel-set or plain"},
      {
        "queue.filter = kernel-set, unmatched = drop",
        "queue.filter: kernel-set keeps packets that no door wants out of the queue, and unmatched"
            + " = drop has the gate drop them: write unmatched = accept, or filter = plain"
      },
      {
        "queue.filter = kernel-set, doors.a { protects = [ tcp/22 ], knock = [ 1, 2 ], time = 25d }",
        "queue.filter: kernel-set keeps a peer for 24 days at most, and door a lets more pass"
            + " between two knocks: shorten its time or window, or write filter = plain"
      },
      {"mode = observed", "mode: \"observed\" is unknown; did you mean observe?"},
      {"mode = true", "mode: true is unknown; write enforce or observe"},
      {"unmatched = reject", "unmatched: \"reject\" is unknown; write accept or drop"},
      {"unparsable = maybe", "unparsable: \"maybe\" is unknown; write accept or drop"},
      {"mark = 75", "mark: 75 is not text; put it in quotes"},
      {
        "mark = \"0x4b\"",
        "mark: \"0x4b\" is not a mark; write value and mask, such as \"0x4b/0xff\", or none"
      },
      {
        "mark = \"0x14b/0xff\"",
        "mark: the mark 0x14b has bits outside its mask 0xff; widen the mask"
      },
      {
        "mark = \"0/0xff\"",
        "mark: a mark of 0 is on every packet; choose bits that nobody else uses, such as 0x4b/0xff"
      },
      {
        "mark = \"0x4b/0\"",
        "mark: a mark of 0 is on every packet; choose bits that nobody else uses, such as 0x4b/0xff"
      },
      {"mark = \"0x1/0x1ffffffff\"", "mark: 0x1ffffffff has more than 32 bits"},
      {
        "rescue = \"192.0.2.1\"",
        "rescue: \"192.0.2.1\" is not a list; write rescue = [ \"192.0.2.10\" ]"
      },
      {
        "rescue = []",
        "rescue: the list is empty; write rescue = [ \"192.0.2.10\" ] or leave the key out"
      },
      {"rescue = [ 7 ]", "rescue[0]: 7 is not text; put it in quotes"},
      {
        "rescue = [ \"192.0.2.1\", \"192.0.2.1/24\" ]",
        "rescue[1]: \"192.0.2.1/24\" has bits set behind its prefix; did you mean 192.0.2.0/24?"
      },
      {
        "rescue = [ \"example.org\" ]",
        "rescue[0]: \"example.org\" is not an IPv4 or IPv6 address such as 192.0.2.10 or 2001:db8::1"
      },
      {"limits.attempts = 15", "limits.attempts: 15 is out of bounds; write 16 to 16777216"},
      {
        "limits.attempts = 16777217",
        "limits.attempts: 16777217 is out of bounds; write 16 to 16777216"
      },
      {"limits.grants = 0", "limits.grants: 0 is out of bounds; write 1 to 4194304"},
      {"limits.grants = 4194305", "limits.grants: 4194305 is out of bounds; write 1 to 4194304"},
      {
        "limits.first-knocks = 50",
        "limits.first-knocks: first-knocks = 50: give a unit, such as \"50/s\""
      },
      {
        "limits.first-knocks = 50/m",
        "limits.first-knocks: \"50/m\" is not a rate; write 1 to 1000000 a second, such as \"50/s\", or unlimited"
      },
      {
        "limits.first-knocks = 0/s",
        "limits.first-knocks: \"0/s\" is not a rate; write 1 to 1000000 a second, such as \"50/s\", or unlimited"
      },
      {"limits.prefix-v4 = 33", "limits.prefix-v4: 33 is out of bounds; write 1 to 32"},
      {"limits.prefix-v6 = 0", "limits.prefix-v6: 0 is out of bounds; write 1 to 128"},
      {"door { a { } }", "door: there is no such key; did you mean doors?"},
      {"doors = [ 1 ]", "doors: [1] is not a block; write doors { ... }"},
      {"doors { a = 7 }", "doors.a: 7 is not a block; write a { ... }"},
      {"defaults { stric = false }", "defaults.stric: there is no such key; did you mean strict?"},
      {"defaults { knock = [ 1 ] }", "defaults.knock: this belongs to one door; write it there"},
      {
        "defaults { protects = [ tcp/1 ] }",
        "defaults.protects: this belongs to one door; write it there"
      },
    };
    for (String[] row : rows) {
      assertThat(problemsOf("\n" + row[0])).as(row[0]).contains("policy:2: " + row[1]);
    }
  }

  @Test
  void mistakesOfADoorsKeys() {
    String[][] rows = {
      {
        "autoclose = 60",
        "autoclose: autoclose = 60: give a unit, such as 60m; xt_pknock counted minutes"
      },
      {"autoclose = 0", "autoclose: autoclose = 0: write never for no limit, or give a unit"},
      {
        "autoclose = none",
        "autoclose: \"none\" is not a duration; write a number and one of ms, s, m, h, d, such as 10m, or never"
      },
      {"autoclose = 366d", "autoclose: 366d is longer than a year; for no limit write never"},
      {
        "autoclose = 60 fortnights",
        "autoclose: \"60 fortnights\" is not a duration; write a number and one of ms, s, m, h, d, such as 10m, or never"
      },
      {"time = 10", "time: time = 10: give a unit, such as 10s; xt_pknock counted seconds"},
      {
        "time = \"10\"",
        "time: \"10\" is not a duration; write a number and one of ms, s, m, h, d, such as 10s, or none"
      },
      {"time = 0s", "time: 0s is shorter than a millisecond; for no limit write none"},
      {
        "time = 500us",
        "time: \"500us\" is not a duration; write a number and one of ms, s, m, h, d, such as 10s, or none"
      },
      {
        "time = never",
        "time: \"never\" is not a duration; write a number and one of ms, s, m, h, d, such as 10s, or none"
      },
      {
        "time = none",
        "time: with neither time nor window an attempt would never end; give one of them a limit"
      },
      {"window = -5", "window: window = -5: a duration is above zero and has a unit"},
      {"window = 15", "window: window = 15: give a unit, such as 15s; knockd counts seconds"},
      {
        "window = -5s",
        "window: \"-5s\" is not a duration; write a number and one of ms, s, m, h, d, such as 10s, or none"
      },
      {
        "window = 99999999999999999d",
        "window: 99999999999999999d is longer than a year; for no limit write none"
      },
      {"strict = yes", "strict: \"yes\" is unclear; write true or false"},
      {"strict = 1", "strict: 1 is unclear; write true or false"},
      {"restart = \"true\"", "restart: \"true\" is unclear; write true or false"},
      {"repeats = ignored", "repeats: \"ignored\" is unknown; did you mean ignore?"},
      {"flags = fin", "flags: \"fin\" is unknown; write any or syn"},
      {
        "flags = []",
        "flags: [] fits no packet or says nothing; write syn, any, or such as [ syn, \"!ack\" ]"
      },
      {
        "flags = [ syn, \"!syn\" ]",
        "flags: [syn, !syn] fits no packet or says nothing; write syn, any, or such as [ syn, \"!ack\" ]"
      },
      {"flags = [ sin ]", "flags: \"sin\" is no TCP flag; did you mean fin?"},
      {"flags = [ \"!akc\" ]", "flags: \"!akc\" is no TCP flag; did you mean ack?"},
      {"flags = [ 2 ]", "flags: 2 is not text; put it in quotes"},
      {"covers = 24", "covers: 24 is not a block; write covers { ... }"},
      {"covers { v4 = 0 }", "covers.v4: 0 is out of bounds; write 1 to 32"},
      {"covers { v6 = 129 }", "covers.v6: 129 is out of bounds; write 1 to 128"},
      {"covers { ipv4 = 24 }", "covers.ipv4: there is no such key; write v4 or v6"},
      {"connections = 0", "connections: 0 is out of bounds; write 1 to 65534"},
      {"connections = unlimeted", "connections: \"unlimeted\" is unknown; did you mean unlimited?"},
      {"autoclos = 1h", "autoclos: there is no such key; did you mean autoclose?"},
      {"protects = 22", "protects: 22 is not a list; write protects = [ \"tcp/22\" ]"},
      {
        "protects = []",
        "protects: the list is empty; write protects = [ \"tcp/22\" ] or leave the key out"
      },
      {"protects = [ 22 ]", "protects[0]: 22 lacks its protocol; write \"tcp/22\" or \"udp/22\""},
      {
        "protects = [ \"22\" ]",
        "protects[0]: \"22\" is not a port or range; write such as \"tcp/22\" or \"tcp/1000-1010\""
      },
      {"protects = [ tcp/0 ]", "protects[0]: there is no port 0; write 1 to 65535"},
      {"protects = [ tcp/22, tcp/65536 ]", "protects[1]: there is no port 65536; write 1 to 65535"},
      {"protects = [ tcp/20-10 ]", "protects[0]: tcp/20-10 runs backwards; write tcp/10-20"},
      {"protects = [ tpc/22 ]", "protects[0]: \"tpc\" is no protocol; did you mean tcp?"},
      {"protects = [ icmp/8 ]", "protects[0]: icmp has no ports to protect; write tcp or udp"},
      {"knock = 7000", "knock: 7000 is not a list; write knock = [ 7000, 8000, 9000 ]"},
      {
        "knock = []",
        "knock: the list is empty; write knock = [ 7000, 8000, 9000 ] or leave the key out"
      },
      {"knock = [ 0 ]", "knock[0]: 0 is out of bounds; write 1 to 65535"},
      {"knock = [ 7000, 65536 ]", "knock[1]: 65536 is out of bounds; write 1 to 65535"},
      {
        "knock = [ \"7000\" ]",
        "knock[0]: \"7000\" is text; write 7000 without quotes, or \"tcp/7000\""
      },
      {"knock = [ 70.5 ]", "knock[0]: 70.5 is not a whole number; write 1 to 65535"},
      {"knock = [ udp/0 ]", "knock[0]: there is no port 0; write 1 to 65535"},
      {"knock = [ sctp/7000 ]", "knock[0]: \"sctp\" is no protocol; write one of icmp, tcp, udp"},
      {"knock = [ icmp/65508 ]", "knock[0]: an echo request carries 0 to 65507 bytes, not 65508"},
      {
        "knock = [ \"udp 7000\" ]",
        "knock[0]: \"udp 7000\" is not a knock; write 7000 (tcp), \"udp/7000\" or \"icmp/128\""
      },
      {
        "knock = [ 7000, 22 ]",
        "knock: tcp/22 is a knock and protected by the same door; choose another port to knock on"
      },
    };
    for (String[] row : rows) {
      assertThat(problemsOf(door(row[0])))
          .as(row[0])
          .containsExactly("policy:2: doors.d." + row[1]);
    }
  }

  @Test
  void mistakesOfADoorAsAWhole() {
    assertThat(problemsOf("doors {\n d { knock = [ 7000 ] } }"))
        .containsExactly(
            "policy:2: doors.d: the door protects nothing; write protects = [ \"tcp/22\" ]");
    assertThat(problemsOf("doors {\n d { protects = [ tcp/22 ] } }"))
        .containsExactly(
            "policy:2: doors.d: nothing opens the door; write knock = [ 7000, 8000, 9000 ]");
    assertThat(problemsOf("doors {\n \"\"" + PolicyTexts.DOOR + "}"))
        .containsExactly(
            "policy:2: doors.\"\": a door's name has 1 to 64 characters that can be printed;"
                + " rename it");
    assertThat(problemsOf("doors { \"a\\u001b[2J\"" + PolicyTexts.DOOR + "}")).hasSize(1);
    assertThat(problemsOf("doors { " + "x".repeat(65) + PolicyTexts.DOOR + "}")).hasSize(1);
    String steps =
        IntStream.range(7000, 7033).mapToObj(String::valueOf).collect(Collectors.joining(", "));
    assertThat(problemsOf(door("knock = [ " + steps + " ]")))
        .containsExactly(
            "policy:2: doors.d.knock: 33 steps are too many; a sequence has at most 32");
  }

  @Test
  void everyMistakeOfAPolicyIsToldAtOnceInTheOrderOfItsLines() {
    assertThat(
            problemsOf(
                """
                queue { number = 70000 }
                mode = enfroce
                unmatched = 3
                mark = "0x100/0xff"
                rescue = [
                  "192.0.2.10",
                  "2001:db8::1/48",
                  "nobody"
                ]
                limits { attempts = 1, first-knocks = 10, burst = 5 }
                defaults { autoclose = 30 }
                doors {
                  imap {
                    protects = [ "tcp/993", "tcp/0" ]
                    knock = [
                      4002,
                      "4001",
                      993
                    ]
                    stric = true
                    time = 10
                  }
                  empty {
                  }
                }
                """))
        .containsExactly(
            "policy:1: queue.number: 70000 is out of bounds; write 0 to 65535",
            "policy:2: mode: \"enfroce\" is unknown; did you mean enforce?",
            "policy:3: unmatched: 3 is unknown; write accept or drop",
            "policy:4: mark: the mark 0x100 has bits outside its mask 0xff; widen the mask",
            "policy:7: rescue[1]: \"2001:db8::1/48\" has bits set behind its prefix; did you mean"
                + " 2001:db8::/48?",
            "policy:8: rescue[2]: \"nobody\" is not an IPv4 or IPv6 address such as 192.0.2.10 or"
                + " 2001:db8::1",
            "policy:10: limits.attempts: 1 is out of bounds; write 16 to 16777216",
            "policy:10: limits.first-knocks: first-knocks = 10: give a unit, such as \"10/s\"",
            "policy:10: limits.burst: there is no such key; write one of attempts, first-knocks,"
                + " grants, prefix-v4, prefix-v6",
            "policy:11: defaults.autoclose: autoclose = 30: give a unit, such as 30m; xt_pknock"
                + " counted minutes",
            "policy:14: doors.imap.protects[1]: there is no port 0; write 1 to 65535",
            "policy:15: doors.imap.knock: tcp/993 is a knock and protected by the same door; choose"
                + " another port to knock on",
            "policy:17: doors.imap.knock[1]: \"4001\" is text; write 4001 without quotes, or"
                + " \"tcp/4001\"",
            "policy:20: doors.imap.stric: there is no such key; did you mean strict?",
            "policy:21: doors.imap.time: time = 10: give a unit, such as 10s; xt_pknock counted"
                + " seconds",
            "policy:23: doors.empty: the door protects nothing; write protects = [ \"tcp/22\" ]",
            "policy:23: doors.empty: nothing opens the door; write knock = [ 7000, 8000, 9000 ]");
  }

  @Test
  void syntaxErrorsNameTheirLineAndNeverQuoteTheFile() {
    String[] rows = {
      "a = 1\nopen-secret = hunter2{ hunter2",
      "\nopen-secret = [ x ] \"hunter2\"",
      "\n\"hunter2\" 5",
      "\ninclude hunter2",
      "\nopen-secret = \"hunter2",
      "\nopen-secret = hunter2$hunter2",
    };
    for (String row : rows) {
      assertThat(problemsOf(row)).as(row).singleElement().asString().startsWith("policy:2: ");
      assertThat(problemsOf(row).toString()).doesNotContain("hunter2");
    }
    assertThat(problemsOf("a = 1\nb = 2 = 3"))
        .containsExactly("policy:2: Expecting end of input or a comma, got '='");
  }

  @Test
  void brokenTextIsAPolicyOrMistakesAndNothingElse() {
    String good =
        """
        queue { number = 0, threads = auto }
        mark = "0x4b/0xff" # bits
        rescue = [ "192.0.2.10", "2001:db8::/48" ]
        limits { first-knocks = "50/s" }
        defaults { time = 5s, covers { v4 = 24 } }
        doors {
          a { protects = [ tcp/22-23 ], knock = [ 7000, udp/8000 ], flags = [ syn, "!ack" ] }
          b = ${doors.a} { autoclose = never, connections = 3 }
        }
        """;
    String[] pieces = {
      "{",
      "}",
      "[",
      "]",
      "\"",
      "\"\"\"",
      "=",
      ",",
      "\n",
      "#",
      "${",
      "${doors.b}",
      "null",
      "-1",
      "1e9",
      ".",
      "doors",
      "a",
      "include \"x\"",
      "+=",
      "\\",
      "\u0000",
      "é",
      "99999999999999999999",
      "tcp/",
      "/"
    };
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    int usable = 0;
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder(good);
      for (int changes = random.nextInt(3); changes >= 0; changes--) {
        int from = random.nextInt(text.length());
        int to = Math.min(text.length(), from + random.nextInt(4));
        text.replace(from, to, pieces[random.nextInt(pieces.length)]);
      }
      try {
        PolicyTexts.read(text.toString());
        usable++;
      } catch (PolicyException e) {
        assertThat(e.problems()).isNotEmpty();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + round + "\n" + text, e);
      }
    }
    assertThat(usable).as("seed " + seed).isBetween(3, 1_000);
  }
}
