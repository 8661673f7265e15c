package knockgate.rules.hocon;

import static knockgate.rules.hocon.PolicyTexts.doorOpenedBy;
import static knockgate.rules.hocon.PolicyTexts.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.Rotating;
import knockgate.rules.policy.Spa;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.policy.Trigger;
import knockgate.rules.spa.CipherMode;
import knockgate.rules.spa.FwknopKeys;
import knockgate.rules.spa.FwknopSpa;
import knockgate.rules.spa.FwknopStanza;
import knockgate.rules.spa.HashKind;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.spa.RotatingSequence;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
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
  void aTimeoutIsTheDoorsAutocloseOrNever() throws PolicyException {
    List<FwknopStanza> all =
        stanzas(
            """
            a { key = a, hmac-key = a }
            b { key = b, hmac-key = b, timeout = never }
            """);
    assertThat(all).extracting(FwknopStanza::timeout).containsExactly(Duration.ofHours(1), null);
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
        doorOpenedBy(
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

  private static List<FwknopStanza> stanzas(String text) throws PolicyException {
    Spa spa = (Spa) trigger("spa { dialect = fwknop, stanzas {\n" + text + "\n} }");
    assertThat(spa.port()).isEqualTo(62201);
    return ((FwknopSpa) spa.dialect()).stanzas();
  }

  private static Trigger trigger(String keys) throws PolicyException {
    return PolicyTexts.read(doorOpenedBy(keys)).doors().get(0).trigger();
  }
}
