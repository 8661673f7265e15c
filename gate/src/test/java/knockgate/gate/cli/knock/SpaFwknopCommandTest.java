package knockgate.gate.cli.knock;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import knockgate.gate.cli.Client;
import knockgate.gate.fault.ExitCode;
import knockgate.rules.spa.CipherMode;
import knockgate.rules.spa.FwknopKeys;
import knockgate.rules.spa.FwknopMessage;
import knockgate.rules.spa.FwknopStanza;
import knockgate.rules.spa.FwknopType;
import knockgate.rules.spa.FwknopVerifier;
import knockgate.rules.spa.HashKind;
import knockgate.rules.spa.ReplayWindow;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the client would send is taken, and says what the command line said. */
class SpaFwknopCommandTest {
  private static final FwknopKeys KEYS =
      new FwknopKeys(
          CipherMode.CBC, Secret.ofText("key one"), HashKind.SHA256, Secret.ofText("hmac one"));

  @TempDir Path folder;
  private final Client client = new Client();
  private List<String> words = List.of();

  @BeforeEach
  void keys() throws IOException {
    Path key = Client.secret(folder, "key", "key one\n");
    Path hmacKey = Client.secret(folder, "hmac", "hmac one");
    words =
        List.of(
            "spa",
            "fwknop",
            "--print",
            "--key-file",
            key.toString(),
            "--hmac-key-file",
            hmacKey.toString(),
            "127.0.0.1");
  }

  private FwknopMessage sent(FwknopKeys keys, String... more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(more));
    assertThat(client.run(all.toArray(String[]::new))).as(client.err()).isZero();
    return read(keys, 0);
  }

  /** What a gate reads whose clock is so many seconds ahead of ours. */
  private FwknopMessage read(FwknopKeys keys, long ahead) {
    PortRange all = new PortRange(Protocol.TCP, 1, 65535);
    PortRange udp = new PortRange(Protocol.UDP, 1, 65535);
    FwknopStanza stanza =
        new FwknopStanza(
            "test",
            keys,
            List.of(),
            List.of(),
            List.of(all, udp),
            List.of(),
            Map.of("10.1.2.3,22", all),
            null,
            false,
            null,
            Duration.ofMinutes(2),
            null,
            Duration.ofHours(1));
    FwknopVerifier verifier = new FwknopVerifier(List.of(stanza), new ReplayWindow(64));
    byte[] packet = client.out().strip().getBytes(US_ASCII);
    Prefix here = Prefix.parse("192.0.2.1");
    assertThat(
            verifier.judge(
                packet,
                packet.length,
                here.hi(),
                here.lo(),
                here.hi(),
                here.lo(),
                System.currentTimeMillis() + ahead * 1000))
        .isEqualTo(Reason.SPA_OPENED);
    return requireNonNull(verifier.message());
  }

  @Test
  void theMessageSaysWhatTheOptionsSay() {
    FwknopMessage message =
        sent(KEYS, "-A", "tcp/22,udp/53", "-a", "192.0.2.9", "-U", "alice", "-m", "sha512");
    assertThat(message.message()).isEqualTo("192.0.2.9,tcp/22,udp/53");
    assertThat(message.user()).isEqualTo("alice");
    assertThat(message.type()).isEqualTo(FwknopType.ACCESS);
    assertThat(message.digest()).isEqualTo(HashKind.SHA512);
    assertThat(message.version()).isEqualTo("3.0.0");
    assertThat(message.nat()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0,  '',          ACCESS",
    "45, '',          ACCESS_TIMEOUT",
    "0,  10.1.2.3:22, NAT_ACCESS",
    "45, 10.1.2.3:22, NAT_ACCESS_TIMEOUT",
  })
  void timeoutAndTranslationMakeTheType(String timeout, String nat, FwknopType type) {
    List<String> more = new ArrayList<>(List.of("-A", "tcp/22", "-s", "-f", timeout));
    more.addAll(nat.isEmpty() ? List.of() : List.of("-N", nat));
    FwknopMessage message = sent(KEYS, more.toArray(String[]::new));
    assertThat(message.type()).isEqualTo(type);
    assertThat(message.timeout()).isEqualTo(Integer.parseInt(timeout));
    assertThat(message.message()).isEqualTo("0.0.0.0,tcp/22");
    assertThat(message.nat()).isEqualTo(nat.isEmpty() ? null : "10.1.2.3,22");
  }

  @ParameterizedTest
  @CsvSource({"source", "0.0.0.0"})
  void sourceIsWhereThePacketComesFrom(String word) {
    assertThat(sent(KEYS, "-A", "tcp/22", "-a", word).message()).isEqualTo("0.0.0.0,tcp/22");
  }

  @Test
  void anAddressThatNobodySaidIsThisMachines() {
    assertThat(sent(KEYS, "-A", "tcp/22").message()).isEqualTo("127.0.0.1,tcp/22");
  }

  @Test
  void theDigitsAreThoseOfTheWireWhateverTheLocaleWrites() {
    Locale usual = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat(sent(KEYS, "-A", "tcp/22").message()).isEqualTo("127.0.0.1,tcp/22");
    } finally {
      Locale.setDefault(usual);
    }
  }

  @ParameterizedTest
  @CsvSource({"MD5, cbc", "sha1, ctr", "SHA384, cfb", "sha3_256, ofb", "SHA3-512, ecb"})
  void everyHashAndModeSealsAMessage(String hash, String mode) {
    HashKind kind = HashKind.valueOf(hash.toUpperCase(Locale.ROOT).replace('-', '_'));
    CipherMode cipher = CipherMode.valueOf(mode.toUpperCase(Locale.ROOT));
    FwknopKeys keys = new FwknopKeys(cipher, KEYS.key(), kind, KEYS.hmacKey());
    sent(keys, "-A", "tcp/22", "-s", "--hmac-digest-type", hash, "-M", mode, "-m", hash);
  }

  @Test
  void withoutHmacOnlyWhenAskedForAndNotInAStreamMode() {
    words = words.subList(0, 5);
    sent(
        new FwknopKeys(CipherMode.LEGACY, KEYS.key(), null, null),
        "127.0.0.1",
        "-A",
        "tcp/22",
        "-s",
        "--no-hmac",
        "-M",
        "legacy");
    assertThat(fails("127.0.0.1", "-A", "tcp/22", "-s", "--no-hmac", "-M", "ctr")).isEqualTo(1);
    assertThat(client.err()).contains("mode ctr needs an HMAC");
  }

  @Test
  void anRcStanzaSaysWhatIsNotOnTheCommandLine() throws IOException {
    Path rc =
        Client.secret(
            folder,
            "rc",
            """
            [gate.example]
            SPA_SERVER        127.0.0.1
            ACCESS            tcp/993
            ALLOW_IP          192.0.2.77
            SPOOF_USER        bob
            FW_TIMEOUT        90
            KEY               key-two
            HMAC_KEY_BASE64   aG1hYyB0d28=
            HMAC_DIGEST_TYPE  SHA512
            USE_HMAC          Y
            """);
    FwknopKeys keys =
        new FwknopKeys(
            CipherMode.CBC, Secret.ofText("key-two"), HashKind.SHA512, Secret.ofText("hmac two"));
    words = List.of("spa", "fwknop", "--print", "-n", "gate.example", "--rc-file", rc.toString());
    FwknopMessage message = sent(keys);
    assertThat(message.message()).isEqualTo("192.0.2.77,tcp/993");
    assertThat(message.user()).isEqualTo("bob");
    assertThat(message.timeout()).isEqualTo(90);
    assertThat(sent(keys, "-A", "udp/53", "-f", "10").message()).isEqualTo("192.0.2.77,udp/53");
  }

  @ParameterizedTest
  @CsvSource({"60, 60", "-90, -90", "5m, 300", "-2h, -7200", "1d, 86400", "0, 0"})
  void theClockOfTheMessageIsOffAsTheStanzaSays(String offset, long seconds) throws IOException {
    String stanza = "[a]\nTIME_OFFSET " + offset + "\nKEY k\nHMAC_KEY h\nACCESS tcp/22\n";
    Path rc = Client.secret(folder, "rc", stanza);
    words = List.of("spa", "fwknop", "--print", "-n", "a", "--rc-file", rc.toString(), "127.0.0.1");
    FwknopKeys keys =
        new FwknopKeys(CipherMode.CBC, Secret.ofText("k"), HashKind.SHA256, Secret.ofText("h"));
    long before = System.currentTimeMillis() / 1000 + seconds;
    List<String> all = new ArrayList<>(words);
    all.add("-s");
    assertThat(client.run(all.toArray(String[]::new))).as(client.err()).isZero();
    long after = System.currentTimeMillis() / 1000 + seconds;
    assertThat(read(keys, seconds).timestamp()).isBetween(before, after);
  }

  @Test
  void anOffsetThatIsNoTimeIsRefused() throws IOException {
    Path rc = Client.secret(folder, "rc", "[a]\nTIME_OFFSET soon\nKEY k\nACCESS tcp/22\n");
    words = List.of("spa", "fwknop", "--print", "-n", "a", "--rc-file", rc.toString(), "127.0.0.1");
    assertThat(fails("-s", "--no-hmac")).isEqualTo(ExitCode.USAGE.number());
    assertThat(client.err()).contains("TIME_OFFSET");
  }

  @Test
  void noTwoMessagesAreAlike() {
    String[] more = {"-A", "tcp/22", "-s"};
    sent(KEYS, more);
    String first = client.out();
    sent(KEYS, more);
    assertThat(client.out()).isNotEqualTo(first);
  }

  private int fails(String... more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(more));
    int exit = client.run(all.toArray(String[]::new));
    assertThat(client.out()).isEmpty();
    return exit;
  }

  @Test
  void whatNoReceiverWouldTakeIsNotSent() {
    int usage = ExitCode.USAGE.number();
    assertThat(fails()).isEqualTo(usage);
    assertThat(client.err()).contains("say what to ask for");
    assertThat(fails("-A", "icmp/8")).isEqualTo(usage);
    assertThat(fails("-A", "tcp/22", "-a", "2001:db8::1")).isEqualTo(usage);
    assertThat(client.err()).contains("no IPv4 address");
    assertThat(fails("-A", "tcp/22", "-a", "resolve")).isEqualTo(usage);
    assertThat(fails("-A", "tcp/22", "-f", "65537")).isEqualTo(usage);
    assertThat(fails("-A", "tcp/22", "-M", "gcm")).isEqualTo(usage);
    assertThat(fails("-A", "tcp/22", "-m", "crc32")).isEqualTo(usage);
    assertThat(fails("-A", "tcp/22", "--rc-file", "x")).isEqualTo(usage);
    assertThat(fails("-A", "tcp/22", "-p", "65536")).isEqualTo(usage);
    assertThat(fails("-A", "tcp/0", "-s")).isEqualTo(ExitCode.NOT_SO.number());
    assertThat(fails("-A", "tcp/22", "-s", "-U", "a:b")).isEqualTo(ExitCode.NOT_SO.number());
    String[] many = new String[30];
    Arrays.fill(many, "tcp/10000");
    assertThat(fails("-A", String.join(",", many), "-s")).isEqualTo(ExitCode.NOT_SO.number());
    assertThat(client.err()).contains("too long for one message");
  }

  @Test
  void aKeyIsNeverAnOption() {
    assertThat(fails("--key", "x")).isEqualTo(ExitCode.USAGE.number());
    assertThat(fails("--key-base64-rijndael=eA==")).isEqualTo(ExitCode.USAGE.number());
  }

  @Test
  void aKeyThatOthersMayReadIsRefused() throws IOException {
    Path open = Client.secret(folder, "open", "key");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    words = List.of("spa", "fwknop", "--print", "--key-file", open.toString(), "127.0.0.1");
    assertThat(fails("-A", "tcp/22", "-s")).isEqualTo(ExitCode.NOT_SO.number());
    assertThat(client.err()).contains("chmod 600");
  }
}
