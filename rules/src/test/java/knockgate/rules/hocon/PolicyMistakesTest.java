package knockgate.rules.hocon;

import static knockgate.rules.hocon.PolicyTexts.problemsOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
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
  void whatIsNotClosedAtTheEndOfTheFileIsNotTakenForAParenthesis() {
    for (String row : List.of("doors {\n ssh { time = 5s }\n", "\n\nrescue = [ \"192.0.2.1\",")) {
      assertThat(problemsOf(row))
          .as(row)
          .singleElement()
          .isEqualTo(
              "policy:3: the file ends too early: look for a brace or bracket without its partner");
    }
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
      "/",
      "//",
      ":",
      "include required(file(\"x\"))",
      "${?PATH}"
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
