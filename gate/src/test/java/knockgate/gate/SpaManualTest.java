package knockgate.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import knockgate.gate.policy.PolicyLoader;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.spa.PknockVerifier;
import knockgate.rules.spa.RotatingSequence;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the manual page knockgate-spa(7) gives to copy is what the gate takes. */
class SpaManualTest {
  private static final Path PAGE = Path.of("src/main/man/knockgate-spa.7.adoc");

  @TempDir Path folder;

  /** The blocks of the page that hold a text. */
  private static List<String> blocks(String text) throws IOException {
    return Pattern.compile("(?ms)^----\n(.*?)^----\n")
        .matcher(Files.readString(PAGE))
        .results()
        .map(block -> block.group(1))
        .filter(block -> block.contains(text))
        .toList();
  }

  @Test
  void theShellClientForXtPknockOpens() throws Exception {
    Files.writeString(folder.resolve("secret"), "open sesame");
    String line = blocks("openssl dgst").get(0).replace("nc -u -w1 gate.example 4002", "cat");
    Process shell =
        new ProcessBuilder("sh", "-c", line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    byte[] message = shell.getInputStream().readAllBytes();
    assertThat(shell.waitFor()).as(new String(message, UTF_8)).isZero();
    PknockVerifier verifier =
        new PknockVerifier(new PknockSpa(Secret.ofText("open sesame"), null, 1, true, false));
    Prefix sender = Prefix.parse("203.0.113.9");
    Reason reason =
        verifier.open(
            message, message.length, sender.hi(), sender.lo(), System.currentTimeMillis());
    assertThat(reason).as(new String(message, US_ASCII)).isEqualTo(Reason.SPA_OPENED);
  }

  @Test
  void theExampleOfARotatingSequenceIsRight() throws IOException {
    MatchResult told =
        Pattern.compile("moment\\s+(\\d+) \\(step (\\d+)\\) has the sequence \\*([\\d ]+)\\*")
            .matcher(Files.readString(PAGE))
            .results()
            .findFirst()
            .orElseThrow();
    RotatingSequence sequence =
        new RotatingSequence(
            Secret.ofText("0123456789abcdef"),
            "imap",
            new PortRange(Protocol.TCP, 20_000, 29_999),
            4,
            Duration.ofSeconds(30));
    long step = sequence.stepAt(Long.parseLong(told.group(1)) * 1000);
    assertThat(step).isEqualTo(Long.parseLong(told.group(2)));
    assertThat(
            Arrays.stream(sequence.ports(step))
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" ")))
        .isEqualTo(told.group(3));
  }

  @Test
  void thePoliciesAreTaken() throws IOException {
    Path secret = Files.writeString(folder.resolve("imap.secret"), "0123456789abcdef\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    List<String> policies = blocks("doors {");
    assertThat(policies).hasSize(2);
    for (String text : policies) {
      String whole = text.replace("\"...\"", "\"c29tZXRoaW5n\"");
      Path file = Files.writeString(folder.resolve("p.conf"), whole);
      assertThat(PolicyLoader.load(file).doors()).hasSize(1);
    }
  }
}
