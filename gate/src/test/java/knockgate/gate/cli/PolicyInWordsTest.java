package knockgate.gate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.policy.Limits;
import knockgate.rules.policy.Policy;
import org.junit.jupiter.api.Test;

class PolicyInWordsTest {
  @Test
  void theExampleOfTheLanguageIsSaidInWords() throws PolicyException {
    Policy policy =
        CheckTexts.policy(
            """
            rescue = [ "192.0.2.10", "2001:db8::/48" ]
            doors {
              imap { protects = [ "tcp/993" ], knock = [ 4002, 4001, 4004 ] }
              vpn {
                protects = [ "udp/1194", "tcp/1000-1010" ]
                knock    = [ "udp/7000", 8000, "icmp/128" ]
                window   = 15s
              }
            }
            """);
    List<String> paragraphs = PolicyInWords.paragraphs(policy);
    assertThat(paragraphs)
        .hasSize(4)
        .startsWith(
            "Mode enforce: the verdicts count. A packet that no door protects is accepted, one"
                + " whose headers cannot be read is dropped. Always admitted: 192.0.2.10,"
                + " 2001:db8::/48. Admitted packets get the mark 0x4b/0xff. Queue 0 holds 16384"
                + " packets; when full, new packets are dropped.",
            "Door imap: protects tcp/993. Opens for an address that knocks tcp/4002, tcp/4001,"
                + " tcp/4004, in this order, at most 10 s between two knocks. Of TCP, only a SYN"
                + " counts. A wrong knock (anything else by tcp) ends the attempt, or begins a new"
                + " one where it is the first step; the step just passed, sent again unchanged, is"
                + " ignored. Stays open for that address for 1 h; connections that stand live on"
                + " after that.",
            "Door vpn: protects udp/1194, tcp/1000-1010. Opens for an address that knocks udp/7000,"
                + " tcp/8000, icmp/128 (a ping of 128 bytes), in this order, at most 10 s between"
                + " two knocks and at most 15 s from first to last. Of TCP, only a SYN counts. A"
                + " wrong knock (anything else by tcp or udp or icmp) ends the attempt, or begins a"
                + " new one where it is the first step; the step just passed, sent again unchanged,"
                + " is ignored. Stays open for that address for 1 h; connections that stand live on"
                + " after that.");
    assertThat(paragraphs.get(3))
        .matches(
            "Room for 65536 attempts \\(\\d+ bytes each\\) and 16384 grants \\(\\d+ bytes each\\):"
                + " \\d+\\.\\d MB in all, taken at the start and never more\\. At most 50 first"
                + " knocks a second count from one IPv4 address or IPv6 /64\\.");
  }

  @Test
  void whatRunsIsSaid() throws PolicyException {
    Policy policy =
        CheckTexts.policy(
            "doors.d { protects = [ tcp/22 ], knock = [ 7000, 9000 ], on-open = [ /bin/a,"
                + " \"{peer}\" ], on-close = [ /bin/b ] }");
    assertThat(PolicyInWords.paragraphs(policy).get(1))
        .endsWith(" Then runs: /bin/a {peer}. When it shuts runs: /bin/b.");
  }

  @Test
  void aKernelSetBeforeTheQueueIsSaidWhereItCounts() throws PolicyException {
    String door = "doors.d { protects = [ tcp/22 ], knock = [ 7000, 9000 ], strict = ";
    String said = "only packets of peers in the middle of a strict sequence come to the queue";
    for (String filter : List.of("queue.filter = kernel-set\n", "queue.filter = plain\n", "")) {
      for (String strict : List.of("true", "false")) {
        Policy policy = CheckTexts.policy(filter + door + strict + " }");
        boolean counts = filter.contains("kernel") && strict.equals("true");
        assertThat(PolicyInWords.paragraphs(policy).get(0).contains(said)).isEqualTo(counts);
      }
    }
  }

  @Test
  void messagesAndRotatingKnocksAreSaidInWords() throws PolicyException {
    String[][] rows = {
      {
        "spa { dialect = pknock, port = 4002, open-secret = hush, close-secret = hushhush }",
        "Door d: protects tcp/22. Opens for an address that sends the open message of xt_pknock to"
            + " udp/4002, with a clock that differs by 1 min at most; once a minute, each message"
            + " once. Its close message shuts the door. IPv4 only. Stays open for that address for"
            + " 1 h; connections that stand live on after that."
      },
      {
        "spa { dialect = pknock, port = 4002, open-secret = hush, tolerance = 0, ipv6 = pknock6 }",
        "Door d: protects tcp/22. Opens for an address that sends the open message of xt_pknock to"
            + " udp/4002, in the same minute; once a minute, each message once. IPv6 by the"
            + " extension pknock6. Stays open for that address for 1 h; connections that stand live"
            + " on after that."
      },
      {
        "spa { dialect = pknock, port = 4002, open-secret = hush, close-secret = hushhush,"
            + " closing = always }",
        "Door d: protects tcp/22. Opens for an address that sends the open message of xt_pknock to"
            + " udp/4002, with a clock that differs by 1 min at most; once a minute, each message"
            + " once. Its close message, on any UDP port and each time, shuts the door. IPv4 only."
            + " Stays open for that address for 1 h; connections that stand live on after that."
      },
      {
        "spa { dialect = fwknop, stanzas { alice { key = hush, hmac-key = hushhush, user = al } }"
            + " }",
        "Door d: protects tcp/22. Opens for an address that sends a message of fwknop to udp/62201,"
            + " sealed by a key of alice (cbc, HMAC sha256), for tcp/22, as user al, with a clock"
            + " that differs by 2 min at most, which may ask for 1 h. Each message counts once,"
            + " commands are never run. Stays open for that address for 1 h; connections that stand"
            + " live on after that."
      },
      {
        "rotating { secret = hushhushhushhush, range = tcp/20000-29999 }",
        "Door d: protects tcp/22. Opens for an address that knocks the 4 ports that \"knockgate"
            + " sequence\" prints, at most 10 s between two knocks and at most 30 s from first to"
            + " last. They are of tcp/20000-29999, where nothing is answered, and change every"
            + " 30 s; the last and the next ones count too, each once for an address. Of TCP, only"
            + " a SYN counts. A wrong knock (anything else by tcp) ends the attempt, or begins a"
            + " new one where it is the first step; the step just passed, sent again unchanged, is"
            + " ignored. Stays open for that address for 1 h; connections that stand live on after"
            + " that."
      },
    };
    for (String[] row : rows) {
      assertThat(PolicyInWords.door(CheckTexts.door(row[0]).doors().get(0))).isEqualTo(row[1]);
    }
  }

  @Test
  void everyKeyOfADoorChangesItsWords() throws PolicyException {
    String[][] rows = {
      {
        "knock = [ 7000 ]", "an address that knocks tcp/7000 once. Of TCP, only a SYN counts. Stays"
      },
      {"knock = [ udp/7000 ]", "an address that knocks udp/7000 once. Stays open"},
      {"knock = [ 1, 2 ], flags = any", "Every TCP packet counts, whatever its flags."},
      {"knock = [ 1, 2 ], flags = [ syn ]", "Of TCP, only packets with the flags [ syn ] count."},
      {
        "knock = [ 1, 2 ], flags = [ fin, \"!syn\" ]",
        "Of TCP, only packets with the flags [ fin, \"!syn\" ] count."
      },
      {"knock = [ 1, 2 ], strict = false", "counts. Wrong knocks are ignored. Stays"},
      {"knock = [ 1, 2 ], restart = false", "(anything else by tcp) ends the attempt; the step"},
      {"knock = [ 1, 2 ], repeats = count", "the first step; so does a step that is sent twice."},
      {
        "knock = [ 1, 2 ], time = none, window = 90s",
        "order, at most 1 min 30 s from first to last."
      },
      {"knock = [ 1 ], autoclose = never", "for that address until it is revoked; connections"},
      {
        "knock = [ 1 ], covers { v4 = 24 }",
        "Stays open for its whole IPv4 /24 or IPv6 /128 for 1 h"
      },
      {"knock = [ 1 ], connections = 1", "for 1 h, and for 1 connection; connections that stand"},
      {
        "knock = [ 1 ], kill-established = true",
        "for 1 h; connections that it let in are cut when it ends."
      },
      {"knock = [ 1 ], connections = 3", "for 1 h, and for 3 connections; connections that stand"},
    };
    for (String[] row : rows) {
      Policy policy = CheckTexts.door(row[0]);
      assertThat(PolicyInWords.door(policy.doors().get(0))).as(row[0]).contains(row[1]);
    }
  }

  @Test
  void everyKeyOfTheGateChangesItsWords() throws PolicyException {
    String[][] rows = {
      {
        "mode = observe", "Mode observe: every packet is let through, and the events say what would"
      },
      {"unmatched = drop", "no door protects is dropped, one"},
      {"unparsable = accept", "cannot be read is accepted."},
      {"", "Nobody is admitted always."},
      {"mark = none", "Admitted packets get no mark."},
      {"queue { number = 3, count = 2 }", "Queues 3 to 4 hold 16384 packets each; when full, new"},
      {"queue { length = 1, when-full = accept }", "holds 1 packet; when full, new packets pass"},
      {"limits.first-knocks = unlimited", "First knocks are not limited."},
      {"limits.prefix-v4 = 24", "from one IPv4 /24 or IPv6 /64."},
    };
    for (String[] row : rows) {
      assertThat(String.join("\n", PolicyInWords.paragraphs(CheckTexts.policy(row[0]))))
          .as(row[0])
          .contains(row[1]);
    }
  }

  @Test
  void memoryIsThatOfTheTables() throws PolicyException {
    Limits large = CheckTexts.policy("limits { attempts = 1000000, grants = 1000000 }").limits();
    String words =
        PolicyInWords.paragraphs(
                CheckTexts.policy("limits { attempts = 1000000, grants = 1000000 }"))
            .get(1);
    double megabytes = knockgate.rules.KnockState.bytes(large) / 1e6;
    assertThat(words).contains(String.format("%.1f MB in all", megabytes));
    assertThat(megabytes).isBetween(80.0, 400.0);
  }

  @Test
  void durationsAreSaidInTheirUnits() {
    Object[][] rows = {
      {Duration.ofMillis(1), "1 ms"},
      {Duration.ofMillis(1500), "1 s 500 ms"},
      {Duration.ofSeconds(60), "1 min"},
      {Duration.ofMinutes(90), "1 h 30 min"},
      {Duration.ofDays(365), "365 d"},
      {Duration.ZERO, "0 s"},
    };
    for (Object[] row : rows) {
      assertThat(PolicyInWords.span((Duration) row[0])).isEqualTo(row[1]);
    }
  }

  @Test
  void paragraphsFitATerminal() {
    String text = "word ".repeat(60).strip() + " " + "x".repeat(100) + " end";
    String wrapped = Paragraph.wrap(text);
    assertThat(wrapped.replaceAll("\\s+", " ")).isEqualTo(text);
    assertThat(wrapped.lines().filter(line -> line.length() > 79))
        .containsExactly("  " + "x".repeat(100));
    assertThat(wrapped.lines().skip(1)).allMatch(line -> line.startsWith("  "));
    assertThat(Paragraph.wrap("short")).isEqualTo("short");
  }
}
