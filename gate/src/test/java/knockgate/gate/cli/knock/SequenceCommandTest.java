package knockgate.gate.cli.knock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import knockgate.gate.cli.Client;
import knockgate.gate.fault.ExitCode;
import knockgate.rules.spa.RotatingSequence;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequenceCommandTest {
  private static final Duration STEP = Duration.ofHours(1);
  private static final RotatingSequence KNOCKS =
      new RotatingSequence(
          Secret.ofText("0123456789abcdef"),
          "imap",
          new PortRange(Protocol.TCP, 20000, 29999),
          5,
          STEP);

  @TempDir Path folder;
  private final Client client = new Client();
  private String policy = "";

  @BeforeEach
  void policy() throws IOException {
    Client.secret(folder, "imap.secret", "0123456789abcdef\n");
    policy =
        Files.writeString(
                folder.resolve("p.conf"),
                """
                doors {
                  imap { protects = [ "tcp/993" ], autoclose = 1m
                         rotating { secret-file = "imap.secret", range = "tcp/20000-29999"
                                    count = 5, step = 1h } }
                  ssh  { protects = [ "tcp/22" ], autoclose = 1m, knock = [ 7000, 8000 ] }
                }
                """)
            .toString();
  }

  private static String ports(long step) {
    return Arrays.stream(KNOCKS.ports(step))
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(" "));
  }

  @Test
  void thePresentPortsAreOnOneLineAndTheirTimeBesideIt() {
    long before = KNOCKS.stepAt(System.currentTimeMillis());
    assertThat(client.run("sequence", "-c", policy, "imap")).isZero();
    long after = KNOCKS.stepAt(System.currentTimeMillis());
    assertThat(client.out().strip()).isIn(ports(before), ports(after));
    assertThat(client.err()).matches("for \\d{1,4} s, until \\S+Z\n");
    Instant until = Instant.parse(client.err().strip().replaceFirst(".*until ", ""));
    assertThat(until.toEpochMilli() % STEP.toMillis()).isZero();
    assertThat(until).isAfter(Instant.now().minusSeconds(60));
  }

  @Test
  void theNextOnesComeWithTheirTimes() {
    assertThat(client.run("sequence", "-c", policy, "--next", "3", "imap")).isZero();
    List<String> lines = client.out().lines().toList();
    assertThat(lines).hasSize(3);
    for (String line : lines) {
      String[] words = line.split(" ", 3);
      long step = KNOCKS.stepAt(Instant.parse(words[0]).toEpochMilli());
      assertThat(Duration.between(Instant.parse(words[0]), Instant.parse(words[1])))
          .isEqualTo(STEP);
      assertThat(words[2]).isEqualTo(ports(step));
    }
  }

  @Test
  void whoMayNotReadTheSecretGetsNothing() throws IOException {
    Files.delete(folder.resolve("imap.secret"));
    assertThat(client.run("sequence", "-c", policy, "imap")).isEqualTo(ExitCode.POLICY.number());
    assertThat(client.out()).isEmpty();
  }

  @Test
  void onlyRotatingDoorsHaveOne() {
    assertThat(client.run("sequence", "-c", policy, "ssh")).isEqualTo(ExitCode.NOT_SO.number());
    assertThat(client.err()).contains("the knocks of door \"ssh\" do not rotate");
    assertThat(client.run("sequence", "-c", policy, "x")).isEqualTo(ExitCode.NOT_SO.number());
    assertThat(client.err()).contains("it has [imap, ssh]");
    assertThat(client.run("sequence", "-c", policy, "--next", "0", "imap"))
        .isEqualTo(ExitCode.USAGE.number());
  }
}
