package knockgate.rules.hocon;

import static knockgate.rules.hocon.PolicyTexts.parse;
import static knockgate.rules.hocon.PolicyTexts.problemsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import knockgate.rules.Policy;
import knockgate.rules.PortRange;
import knockgate.rules.Prefix;
import knockgate.rules.Protocol;
import knockgate.rules.Rotating;
import knockgate.rules.Spa;
import knockgate.rules.TcpFlags;
import knockgate.rules.Trigger;
import knockgate.rules.spa.CipherMode;
import knockgate.rules.spa.FwknopKeys;
import knockgate.rules.spa.FwknopSpa;
import knockgate.rules.spa.FwknopStanza;
import knockgate.rules.spa.HashKind;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.spa.RotatingSequence;
import knockgate.rules.spa.Secret;
import org.junit.jupiter.api.Test;

/** Policies with {@code spa} and {@code rotating}: what they mean, and what is wrong with them. */
class MessagePolicyTest {
  private static final Secret FOO = Secret.ofText("foo");

  @Test
  void pknockWithEveryKey() throws PolicyException {
    assertThat(trigger("spa { dialect = pknock, port = 4002, open-secret = foo }"))
        .isEqualTo(new Spa(4002, new PknockSpa(FOO, null, 1, false, false)));
    assertThat(
            trigger(
                """
                spa {
                  dialect = pknock, port = 4002, open-secret = foo, close-secret = bar
                  tolerance = 0, last-byte = required, closing = always, ipv6 = pknock6
                }
                """))
        .isEqualTo(new Spa(4002, new PknockSpa(FOO, Secret.ofText("bar"), 0, true, true, true)));
  }

  @Test
  void fwknopWithNoMoreThanItNeeds() throws PolicyException {
    FwknopStanza alice = stanzas("alice { key = foo, hmac-key = bar }").get(0);
    assertThat(alice)
        .isEqualTo(
            new FwknopStanza(
                "alice",
                new FwknopKeys(CipherMode.CBC, FOO, HashKind.SHA256, Secret.ofText("bar")),
                List.of(),
                List.of(),
                List.of(PortRange.parse("tcp/22"), PortRange.parse("udp/50-60")),
                List.of(),
                Map.of(),
                null,
                false,
                null,
                Duration.ofMinutes(2),
                Duration.ofHours(1),
                Duration.ofHours(1)));
  }

  @Test
  void fwknopWithEveryKey() throws PolicyException {
    FwknopStanza alice =
        stanzas(
                """
                alice {
                  key-base64 = "Zm9v", hmac-key-base64 = "YmFy", hmac = sha3-512, mode = ctr
                  source = [ "192.0.2.0/24", "2001:db8::/32" ], destination = [ "198.51.100.1" ]
                  ports = [ "udp/50-55" ], restricted = [ "udp/53" ]
                  nat { "10.1.2.3,22" = "udp/51" }
                  user = alice, address = required, expires = "2027-01-01"
                  age = 30s, timeout = 45s, max-timeout = 5m
                }
                """)
            .get(0);
    assertThat(alice)
        .isEqualTo(
            new FwknopStanza(
                "alice",
                new FwknopKeys(CipherMode.CTR, FOO, HashKind.SHA3_512, Secret.ofText("bar")),
                List.of(Prefix.parse("192.0.2.0/24"), Prefix.parse("2001:db8::/32")),
                List.of(Prefix.parse("198.51.100.1")),
                List.of(PortRange.parse("udp/50-55")),
                List.of(PortRange.parse("udp/53")),
                Map.of("10.1.2.3,22", PortRange.parse("udp/51")),
                "alice",
                true,
                Instant.parse("2027-01-01T00:00:00Z"),
                Duration.ofSeconds(30),
                Duration.ofSeconds(45),
                Duration.ofMinutes(5)));
  }

  @Test
  void stanzasKeepTheirOrderAndInsecureIsTheOnlyWayWithoutHmac() throws PolicyException {
    List<FwknopStanza> all =
        stanzas(
            """
            zoe   { key = a, hmac-key = b }
            alice { key = c, insecure = true }
            mike  { key = d, hmac-key = e, mode = legacy }
            """);
    assertThat(all).extracting(FwknopStanza::name).containsExactly("zoe", "alice", "mike");
    assertThat(all.get(1).keys().hmac()).isNull();
  }

  @Test
  void rotatingTakesTheTermsOfASequence() throws PolicyException {
    String secret = "correct horse battery staple";
    Rotating trigger =
        (Rotating) trigger("rotating { secret = \"" + secret + "\", range = \"tcp/20000-29999\" }");
    assertThat(trigger)
        .isEqualTo(
            new Rotating(
                new RotatingSequence(
                    Secret.ofText(secret),
                    "d",
                    PortRange.parse("tcp/20000-29999"),
                    4,
                    Duration.ofSeconds(30)),
                true,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                TcpFlags.OPENING,
                true,
                true));
    trigger =
        (Rotating)
            trigger(
                "strict = false, time = 3s, window = 2m, rotating { secret = \""
                    + secret
                    + "\", range = \"udp/20000-29999\", count = 6, step = 1m }");
    assertThat(trigger.strict()).isFalse();
    assertThat(trigger.window()).isEqualTo(Duration.ofMinutes(2));
    assertThat(trigger.knocks().count()).isEqualTo(6);
    assertThat(trigger.knocks().range().protocol()).isEqualTo(Protocol.UDP);
  }

  @Test
  void secretsComeOutOfFiles() throws PolicyException {
    String text =
        door(
            "spa { dialect = fwknop, stanzas { a {"
                + " key-base64-file = one, hmac-key-file = two } } }");
    Map<String, String> files = Map.of("one", "Zm9v\n", "two", "from a file");
    Policy policy =
        PolicyReader.read(
            parse(text, "policy"),
            null,
            name -> Secret.ofText(files.getOrDefault(name, "")),
            gpg -> {});
    Spa spa = (Spa) policy.doors().get(0).trigger();
    FwknopKeys keys = (FwknopKeys) ((FwknopSpa) spa.dialect()).stanzas().get(0).keys();
    assertThat(keys.key()).isEqualTo(FOO);
    assertThat(keys.hmacKey()).isEqualTo(Secret.ofText("from a file"));
    assertThatThrownBy(
            () ->
                PolicyReader.read(
                    parse(text, "policy"),
                    null,
                    name -> {
                      throw new IllegalArgumentException("others may read " + name);
                    },
                    gpg -> {}))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("stanzas.a.key-base64-file: others may read one")
        .hasMessageContaining("stanzas.a.hmac-key-file: others may read two");
  }

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
      assertThat(problemsOf(door(row[0]))).as(row[0]).containsExactlyInAnyOrderElementsOf(expected);
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
      assertThat(problemsOf(door(row)).toString()).as(row).doesNotContain(secret);
    }
  }

  private static List<FwknopStanza> stanzas(String text) throws PolicyException {
    Spa spa = (Spa) trigger("spa { dialect = fwknop, stanzas {\n" + text + "\n} }");
    assertThat(spa.port()).isEqualTo(62201);
    return ((FwknopSpa) spa.dialect()).stanzas();
  }

  private static Trigger trigger(String keys) throws PolicyException {
    return PolicyTexts.read(door(keys)).doors().get(0).trigger();
  }

  /** A door without a trigger of its own; the keys stand in line 2. */
  private static String door(String keys) {
    return "doors { d { protects = [ tcp/22, udp/50-60 ]\n" + keys + "\n} }";
  }
}
