package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same jar on every Java of this machine, from 17 on: here the one of these tests at least. */
class EveryJavaIT {
  private static final int OLDEST = 17;

  static Stream<Path> javas() throws IOException {
    Path own = Path.of(System.getProperty("java.home"));
    Path usualPlace = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(usualPlace)) {
      return Stream.of(own);
    }
    try (Stream<Path> homes = Files.list(usualPlace)) {
      List<Path> others = homes.filter(EveryJavaIT::isNewEnough).toList();
      return Stream.concat(Stream.of(own), others.stream()).map(EveryJavaIT::real).distinct();
    }
  }

  @ParameterizedTest
  @MethodSource("javas")
  void opensADoor(Path home) {
    try (Scene scene = new Scene(Scene.SSH)) {
      scene.gate().terminate();
      Map<String, String> environment = Map.of("JAVA_HOME", home.toString());
      try (Gate gate = Gate.start(scene.wire().server(), scene.policy(), environment)) {
        gate.awaitReady();
        assertThat(gate.program()).startsWith(home);
        List<String> knocks = List.of("tcp/7000", "tcp/8000", "tcp/9000");
        for (Family family : Family.values()) {
          try (Connection connection =
              scene.friend(family).knockAndConnect(family.server, knocks, 22)) {
            assertThat(connection.established()).as("%s %s", connection, gate).isTrue();
          }
          assertThat(scene.stranger(family).gets(family.server, 22)).as("stranger").isFalse();
        }
        assertThat(gate.log()).as("warnings of this Java").noneMatch(l -> l.contains("WARNING"));
        assertThat(gate.terminate()).isZero();
      }
    }
  }

  private static boolean isNewEnough(Path home) {
    return Files.isExecutable(home.resolve("bin/java")) && version(home) >= OLDEST;
  }

  /** The major version that the file {@code release} of a JDK states; 0 without one. */
  private static int version(Path home) {
    try {
      return Files.readAllLines(home.resolve("release")).stream()
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .map(line -> line.replaceAll("^JAVA_VERSION=\"(\\d+).*", "$1"))
          .mapToInt(Integer::parseInt)
          .findFirst()
          .orElse(0);
    } catch (IOException noRelease) {
      return 0;
    }
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException broken) {
      return path;
    }
  }
}
