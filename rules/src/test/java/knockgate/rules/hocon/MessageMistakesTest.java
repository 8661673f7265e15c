package knockgate.rules.hocon;

import static knockgate.rules.hocon.PolicyTexts.doorOpenedBy;
import static knockgate.rules.hocon.PolicyTexts.problemsOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Every mistake that {@code spa} and {@code rotating} can hold, and the sentence for it. */
class MessageMistakesTest {
  @Test
  void mistakes() {
    String pknock = "spa { dialect = pknock, port = 4002, ";
    String alice = "spa { dialect = fwknop, stanzas { a { ";
    String keys = alice + "key = k, hmac-key = h, ";
    String rotating = "rotating { range = \"tcp/20000-29999\", ";
    String[][] rows = {
      {"spa { }", "spa.dialect: which messages open the door? write dialect = pknock or fwknop"},
      {"spa { dialect = knockd }", "spa.dialect: \"knockd\" is unknown; did you mean pknock?"},
      {
        "spa { dialect = pknock, open-secret = a }",
        "spa.port: where do messages go? write port = 4002, a UDP port"
      },
      {pknock + "}", "spa.open-secret: no secret opens the door; write one, or open-secret-file"},
      {pknock + "open-secret = 12345 }", "spa.open-secret: a secret is text; put it in quotes"},
      {
        pknock + "open-secret = " + "a".repeat(32) + " }",
        "spa.open-secret: it has 32 bytes, and xt_pknock keeps the first 31 only; write those"
      },
      {
        pknock + "open-secret = a, close-secret = a }",
        "spa.close-secret: it is the open secret; take another, or no message closes"
      },
      {
        pknock + "open-secret = a, tolerance = 6 }",
        "spa.tolerance: 6 is out of bounds; write 0 to 5"
      },
      {
        pknock + "open-secret = a, tolerance = 6m }",
        "spa.tolerance: 6m is out of bounds; write 0 to 5"
      },
      {
        pknock + "open-secret = a, tolerance = \"10 m\" }",
        "spa.tolerance: \"10 m\" is not a number; write 0 to 5"
      },
      {
        pknock + "open-secret = a, tolerance = 10m }",
        "spa.tolerance: 10m is out of bounds; write 0 to 5"
      },
      {
        pknock + "open-secret = a, ipv6 = yes }",
        "spa.ipv6: \"yes\" is unknown; write none or pknock6"
      },
      {
        pknock + "open-secret = a, open-secret-file = f }",
        "spa.open-secret-file: no files are read here; write the secret itself",
        "spa.open-secret: it is written twice, as open-secret and open-secret-file; keep one"
      },
      {
        "spa { dialect = pknock, port = 55, open-secret = a }",
        "spa: udp/55 takes messages and is protected by the same door; choose another port"
      },
      {
        pknock + "open-secret = a, stanzas { } }",
        "spa.stanzas: there is no such key; write one of close-secret, close-secret-base64,"
            + " close-secret-base64-file, close-secret-file, closing, dialect, ipv6, last-byte,"
            + " open-secret, open-secret-base64, open-secret-base64-file, open-secret-file, port,"
            + " tolerance"
      },
      {
        pknock + "open-secret = a }, strict = false",
        "strict: there is no such key; write one of autoclose, connections, covers, hook-timeout,"
            + " kill-established, knock, on-close, on-open, protects,"
            + " protects-knocks, rotating, spa"
      },
      {
        "spa { dialect = fwknop }",
        "spa.stanzas: nobody may open the door; write stanzas { alice { ... } }"
      },
      {
        alice + "} } }",
        "spa.stanzas.a.key: no key decrypts the messages; write one, or key-file",
        "spa.stanzas.a.hmac-key: without one anybody makes the gate work; write one, or insecure ="
            + " true"
      },
      {
        alice + "key-base64 = \"hunter2!\", hmac-key = b } } }",
        "spa.stanzas.a.key-base64: a secret in base64 is empty or holds other characters"
      },
      {
        alice + "key = " + "k".repeat(33) + ", hmac-key = b } } }",
        "spa.stanzas.a: an fwknop key has at most 32 bytes"
      },
      {
        alice + "key = k, insecure = true, mode = ctr } } }",
        "spa.stanzas.a: mode ctr needs an HMAC: without one a message can be altered"
      },
      {
        keys + "insecure = true } } }",
        "spa.stanzas.a.insecure: there is an hmac-key, so it is not; take one of them out"
      },
      {
        keys + "ports = [ tcp/23 ] } } }",
        "spa.stanzas.a.ports: tcp/23 is not within what the door protects; add it to protects, or"
            + " take it out"
      },
      {
        keys + "nat { \"10.1.2.3:22\" = tcp/22 } } } }",
        "spa.stanzas.a.nat.\"10.1.2.3:22\": a message asks for such as \"10.1.2.3,22\"; write it so"
      },
      {
        keys + "nat { \"10.1.2.3,22\" = udp/50-51 } } } }",
        "spa.stanzas.a.nat.\"10.1.2.3,22\": udp/50-51 is a range; a NAT request opens one port"
      },
      {
        keys + "expires = 12/31/2027 } } }",
        "spa.stanzas.a.expires: \"12/31/2027\" is not a day; write such as \"2027-12-31\""
      },
      {
        keys + "age = 61m } } }",
        "spa.stanzas.a.age: messages are remembered for an hour; write 1h or less"
      },
      {
        keys + "timeout = 30 } } }",
        "spa.stanzas.a.timeout: timeout = 30: give a unit, such as 30s; fwknop counts seconds"
      },
      {
        rotating + "}",
        "rotating.secret: nothing to derive the knocks from; write secret or secret-file"
      },
      {
        rotating + "secret = short }",
        "rotating.secret: it has 5 bytes; take 16 to 64, such as knockgate keygen prints"
      },
      {
        "rotating { secret = abcdefghijklmnop }",
        "rotating.range: between which ports do knocks go? write \"tcp/20000-29999\""
      },
      {
        "rotating { secret = abcdefghijklmnop, range = udp/1-254 }",
        "rotating.range: udp/1-254 is too narrow; take 256 ports or more"
      },
      {
        "rotating { secret = abcdefghijklmnop, range = udp/1-300 }",
        "rotating.range: udp/1-300 meets udp/50-60, which the same door protects; part them"
      },
      {
        rotating + "secret = abcdefghijklmnop, step = 5s }",
        "rotating.step: a step is whole seconds, 10s to 1d"
      },
      {
        "window = 61s, " + rotating + "secret = abcdefghijklmnop }",
        "window: it spans more than 2 steps; shorten it"
      },
      {
        "knock = [ 7000 ], " + pknock + "open-secret = a }",
        "spa: knock opens the door already; make two doors of it"
      },
    };
    for (String[] row : rows) {
      List<String> expected =
          List.of(row).subList(1, row.length).stream()
              .map(line -> "policy:2: doors.d." + line)
              .toList();
      assertThat(problemsOf(doorOpenedBy(row[0])))
          .as(row[0])
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void noMistakeRepeatsASecret() {
    String secret = "xyzzy";
    String[] rows = {
      "spa { dialect = pknock, port = 4002, open-secret = { " + secret + " = 1 } }",
      "spa { dialect = pknock, port = 4002, open-secret = [ " + secret + " ] }",
      "spa { dialect = pknock, port = 4002, open-secret = " + secret.repeat(10) + " }",
      "spa { dialect = fwknop, stanzas { a { key = " + secret.repeat(9) + ", insecure = true } } }",
      "spa { dialect = fwknop, stanzas { a { key-base64 = \"" + secret + "?\", hmac-key = b } } }",
      "rotating { range = tcp/20000-29999, secret = " + secret + " }",
      "rotating { range = tcp/20000-29999, secret = " + secret.repeat(20) + " }",
      "spa { dialect = pknock, port = 4002, open-secret = \"" + secret + " }",
    };
    for (String row : rows) {
      assertThat(problemsOf(doorOpenedBy(row)).toString()).as(row).doesNotContain(secret);
    }
  }
}
