package knockgate.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import knockgate.rules.spa.RotatingSequence;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The clients of the documentation agree with the gate. Skipped where their language is missing.
 */
class RotatingClientsTest {
  private static final Path CLIENTS = Path.of("doc", "clients");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"sh, rotating.sh", "bash, rotating.sh", "python3, rotating.py", "node, rotating.js"})
  void aClientPrintsWhatTheGateExpects(String language, String script) throws Exception {
    assumeTrue(isInstalled(language), language + " is not installed");
    assumeTrue(!script.endsWith(".sh") || isInstalled("openssl"), "openssl is not installed");
    String[] texts = {
      "a".repeat(16),
      "p%ssw\\n'\"$(id) `x` ü",
      "0123456789abcdef".repeat(4),
      "two lines,\r\nthe last of them empty\n"
    };
    long[] times = {0, 1_795_332_556L, 4_102_444_800L, 1_795_332_556L};
    for (int i = 0; i < texts.length; i++) { // not each with each: a shell takes a second for one
      RotatingSequence sequence =
          new RotatingSequence(
              Secret.ofText(texts[i]),
              "im%s ap",
              new PortRange(Protocol.TCP, 65280, 65535),
              16,
              Duration.ofSeconds(30));
      String expected =
          Arrays.stream(sequence.ports(sequence.stepAt(times[i] * 1000)))
              .mapToObj(Integer::toString)
              .collect(Collectors.joining(" "));
      assertThat(run(language, script, texts[i] + "\n", times[i])).isEqualTo(expected);
      assertThat(run(language, script, texts[i] + "\r\n", times[i])).isEqualTo(expected);
    }
  }

  private String run(String language, String script, String secret, long now)
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("secret"), secret);
    List<String> command = new ArrayList<>(List.of(language, CLIENTS.resolve(script).toString()));
    command.addAll(List.of("im%s ap", file.toString(), "65280", "65535", "16", "30"));
    command.add(Long.toString(now));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.trim();
  }

  private static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
