package knockgate.gate.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the unmodified fwknop client sends and may not have, each refused with its reason. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FwknopRefusedIT {
  private static final String SERVER = Family.IPV4.server;
  private static final String ME = Family.IPV4.friend();
  private static final String KEYS =
      " key = \"a-key-of-this-test\", hmac-key = \"an-hmac-key-of-this-test\" ";

  /** One UDP port for each kind of stanza. */
  private static final String POLICY =
      """
      limits { first-knocks = "1000/s" }
      defaults { autoclose = 1m }
      doors {
        strict {
          protects = [ "tcp/22-80" ]
          spa { dialect = fwknop, stanzas { alice { KEYS
            ports = [ "tcp/22", "tcp/80" ], restricted = [ "tcp/80" ]
            user = alice, address = required, age = 1m } } }
        }
        elsewhere {
          protects = [ "tcp/22" ]
          spa { dialect = fwknop, port = 62202
                stanzas { s { KEYS, source = [ "198.51.100.0/24" ] } } }
        }
        other-end {
          protects = [ "tcp/22" ]
          spa { dialect = fwknop, port = 62203
                stanzas { s { KEYS, destination = [ "198.51.100.1" ] } } }
        }
        over {
          protects = [ "tcp/22" ]
          spa { dialect = fwknop, port = 62204, stanzas { s { KEYS, expires = "2020-01-01" } } }
        }
      }
      """
          .replace("KEYS", KEYS);

  @TempDir Path folder;
  private Scene scene;

  @BeforeAll
  void open() {
    scene = new Scene(POLICY);
  }

  @AfterAll
  void close() {
    scene.close();
  }

  private Fwknop fwknop() {
    return new Fwknop(scene.wire().client(), folder);
  }

  private void assertRefused(String reason, int before) {
    scene.gate().awaitEvent(reason, event -> count(reason) > before);
    assertThat(scene.gate().events(event -> event.field("event").equals("grant")))
        .as("%s", scene.gate())
        .isEmpty();
    assertThat(scene.friend(Family.IPV4).gets(SERVER, 22)).isFalse();
  }

  private int count(String reason) {
    return scene.gate().events(event -> event.field("reason").equals(reason)).size();
  }

  @ParameterizedTest
  @CsvSource({
    "spa-port,            -A tcp/21 -a 192.0.2.2",
    "spa-port,            -A udp/22 -a 192.0.2.2",
    "spa-port,            '-A tcp/22,tcp/23 -a 192.0.2.2'",
    "spa-restricted,      -A tcp/80 -a 192.0.2.2",
    "spa-restricted,      '-A tcp/22,tcp/80 -a 192.0.2.2'",
    "spa-address,         -A tcp/22 -s",
    "spa-user,            -A tcp/22 -a 192.0.2.2 -U bob",
    "spa-command,         -C /bin/true -a 192.0.2.2",
    "spa-clock,           -A tcp/22 -a 192.0.2.2 --time-offset-minus 300",
    "spa-clock,           -A tcp/22 -a 192.0.2.2 --time-offset-plus 300",
    "spa-source,          -A tcp/22 -a 192.0.2.2 -p 62202",
    "spa-destination,     -A tcp/22 -a 192.0.2.2 -p 62203",
    "spa-stanza-expired,  -A tcp/22 -a 192.0.2.2 -p 62204",
  })
  void whatTheStanzaDoesNotAllowIsRefused(String reason, String options) {
    int before = count(reason);
    fwknop().send(options.split(" ", -1)).ok();
    assertRefused(reason, before);
  }

  @Test
  void anotherHmacKeyIsNotEvenDecrypted() {
    int before = count("spa-hmac");
    fwknop().sealed(Messages.FWKNOP_KEY, "another-hmac-key", "-A", "tcp/22", "-a", ME).ok();
    assertRefused("spa-hmac", before);
  }

  @Test
  void anotherHmacDigestIsAWrongHmacOrAnotherForm() {
    int before = count("spa-hmac");
    // as long as SHA256, so the form is right
    fwknop().send("-A", "tcp/22", "-a", ME, "--hmac-digest-type", "sha3_256").ok();
    assertRefused("spa-hmac", before);
    fwknop().send("-A", "tcp/22", "-a", ME, "--hmac-digest-type", "sha512").ok();
    assertThat(scene.friend(Family.IPV4).gets(SERVER, 22)).isFalse();
  }

  @Test
  void anotherKeyBehindTheRightHmacDoesNotDecrypt() {
    int before = count("spa-cipher");
    fwknop().sealed("another-key", Messages.FWKNOP_HMAC_KEY, "-A", "tcp/22", "-a", ME).ok();
    assertRefused("spa-cipher", before);
  }

  @Test
  void withoutTheHmacThatIsDemandedItIsNotTaken() {
    fwknop().sealed(Messages.FWKNOP_KEY, "", "-A", "tcp/22", "-a", ME).ok();
    assertThat(scene.friend(Family.IPV4).gets(SERVER, 22)).isFalse();
    assertThat(scene.gate().events(event -> event.field("event").equals("grant"))).isEmpty();
  }

  @Test
  void cutAnywhereOrWithAnyByteChangedItIsRefused() {
    int before = count("spa-hmac");
    byte[] packet = fwknop().saved("-A", "tcp/22", "-a", ME);
    Peer stranger = scene.stranger(Family.IPV4);
    for (int i = 0; i < packet.length; i++) {
      stranger.say(SERVER, Messages.FWKNOP_PORT, Arrays.copyOf(packet, i));
      byte[] flipped = packet.clone();
      flipped[i] ^= 1;
      stranger.say(SERVER, Messages.FWKNOP_PORT, flipped);
    }
    assertRefused("spa-hmac", before);
  }

  @Test
  void usedOnceItIsUsedInEveryDisguiseAndFromEverywhere() {
    try (Scene own =
        new Scene(
            "limits { first-knocks = \"1000/s\" }\ndoors { gate { protects = [ \"tcp/22\" ], autoclose = 1m,"
                + " spa { dialect = fwknop, stanzas { alice {"
                + KEYS
                + "} } } } }")) {
      Fwknop fwknop = new Fwknop(own.wire().client(), folder);
      byte[] packet = fwknop.saved("-A", "tcp/22", "-s", "-f", "1");
      Peer friend = own.friend(Family.IPV4);
      friend.say(SERVER, Messages.FWKNOP_PORT, packet);
      assertThat(friend.gets(SERVER, 22)).as("%s", own.gate()).isTrue();
      own.gate().awaitEvent("its end", event -> event.field("reason").equals("autoclosed"));

      Peer thief = own.stranger(Family.IPV4);
      for (byte[] disguise : disguises(new String(packet, US_ASCII))) {
        thief.say(SERVER, Messages.FWKNOP_PORT, disguise);
        friend.say(SERVER, Messages.FWKNOP_PORT, disguise);
      }
      own.gate().awaitEvent("replay", event -> event.field("reason").equals("spa-replay"));
      assertThat(thief.gets(SERVER, 22)).isFalse();
      assertThat(friend.gets(SERVER, 22)).isFalse();
      assertThat(own.gate().events(event -> event.field("event").equals("grant"))).hasSize(1);
    }
  }

  /** The packet itself, other spellings of its last characters, and things put before or behind. */
  private static List<byte[]> disguises(String packet) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    List<String> all = new ArrayList<>(List.of(packet));
    int body = packet.length() - 43; // SHA256 in base64
    for (int i = 0; i < alphabet.length(); i++) {
      char last = alphabet.charAt(i);
      all.add(packet.substring(0, packet.length() - 1) + last);
      all.add(packet.substring(0, body - 1) + last + packet.substring(body));
    }
    for (String added : List.of("=", "==", "\n", "\0", " ", "A", "AAAA")) {
      all.add(packet + added);
      all.add(packet.substring(0, body) + added + packet.substring(body));
    }
    Stream.of("U2FsdGVkX1", "hQ").forEach(front -> all.add(front + packet));
    all.add(packet.replace('+', '-').replace('/', '_'));
    return all.stream().map(Messages::bytes).toList();
  }
}
