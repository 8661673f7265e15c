package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code gate/bin/knockgate}, as it is found and what it finds. */
class LauncherIT {
  private static final String LAUNCHER = Gate.LAUNCHER.toString();

  @TempDir private Path folder;

  @Test
  void worksFromAnyFolderAndThroughLinks() throws IOException {
    Path inner = Files.createDirectories(folder.resolve("in ner"));
    Path absolute = Files.createSymbolicLink(inner.resolve("absolute"), Gate.LAUNCHER);
    Path relative =
        Files.createSymbolicLink(folder.resolve("relative"), Path.of("in ner/absolute"));
    for (String call :
        List.of(
            "cd / && " + LAUNCHER,
            "cd '" + inner + "' && ./absolute",
            "cd '" + inner + "' && ../relative",
            "cd / && PATH='" + folder + "':$PATH relative",
            "cd '" + Gate.LAUNCHER.getParent() + "' && sh knockgate")) {
      assertThat(sh(call + " --version").ok().out()).as(call).matches("knockgate [0-9.]+\\R");
    }
    assertThat(absolute).isSymbolicLink();
    assertThat(relative).isSymbolicLink();
  }

  @Test
  void takesTheJavaOfJavaHome() throws IOException {
    Path home = java("17.0.1", "echo ran with \"$@\"");
    Run run = with(home, "check", "-c", "a b");
    assertThat(run.ok().out()).startsWith("ran with ").endsWith("knockgate.jar check -c a b\n");
  }

  @Test
  void theDaemonGetsTheOptimizingCompilerAndOtherCommandsDoNot() throws IOException {
    Path home = java("21", "echo \"$@\"");
    assertThat(with(home, "run").out()).doesNotContain("TieredStopAtLevel").contains("-Xmx512m");
    assertThat(with(home, "check").out()).contains("TieredStopAtLevel=1");
    assertThat(with(home).out()).contains("TieredStopAtLevel=1");
  }

  /** These the unit takes for mistakes that no further start mends. */
  @Test
  void aDaemonThatIsShortOfMemoryEndsWithNoneOfTheCodesThatKeepItDown() throws IOException {
    Path policy = folder.resolve("large.conf");
    Files.writeString(
        policy,
        """
        limits { attempts = 4000000 }
        doors { ssh { protects = [ "tcp/22" ], knock = [ 7000, 8000, 9000 ] } }
        """);
    Run run =
        Run.with(
            Map.of("KNOCKGATE_JAVA_OPTIONS", "-Xmx32m"),
            List.of(LAUNCHER, "run", "-c", policy.toString()));
    assertThat(run.out()).contains("OutOfMemory");
    assertThat(run.exitCode()).isNotIn(0, 2, 3, 5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.8.0_392", "11.0.21", "16"})
  void anOldJavaIsRefusedInOneSentence(String version) throws IOException {
    Run run = with(java(version, "echo must not run"), "check");
    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.out())
        .startsWith("knockgate: Java " + version + " at ")
        .contains("set JAVA_HOME to 17 or later")
        .hasLineCount(1);
  }

  @Test
  void aJavaThatNamesItsVersionNowhereIsAsked() throws IOException {
    Path home =
        java(
            "",
            """
            [ "$1" = -version ] && { echo 'openjdk version "11.0.2" 2019-01-15' >&2; exit; }
            echo must not run
            """);
    Files.delete(home.resolve("release"));
    assertThat(with(home, "check").out()).startsWith("knockgate: Java 11.0.2 at ");
  }

  @Test
  void noJavaIsOneSentence() {
    Run none = Run.of("env", "-i", "PATH=" + folder, LAUNCHER, "check");
    assertThat(none.exitCode()).isEqualTo(5);
    assertThat(none.out()).startsWith("knockgate: Java is missing: install 17").hasLineCount(1);
    Run wrongHome = with(folder, "check");
    assertThat(wrongHome.exitCode()).isEqualTo(5);
    assertThat(wrongHome.out()).contains("no bin/java in it").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({"commands, --version", "daemon, run --help"})
  void theArchivesOfTheBuildFitTheJarOfTheBuild(String which, String words) {
    Path archive =
        Gate.LAUNCHER.resolve(
            "../../target/knockgate-" + which + "-" + System.getProperty("java.version") + ".jsa");
    assertThat(archive.normalize()).exists();
    // share=on: no archive, no start
    Map<String, String> strict =
        Map.of(
            "KNOCKGATE_JAVA_OPTIONS", "-Xshare:on", "JAVA_HOME", System.getProperty("java.home"));
    List<String> command = new java.util.ArrayList<>(List.of(LAUNCHER));
    command.addAll(List.of(words.split(" ", -1)));
    Run.with(strict, command).ok();
  }

  /** The JVM says nothing about a method that it is told of and that does not exist. */
  @Test
  void theMethodsThatAreCompiledApartExist() throws IOException, ClassNotFoundException {
    Matcher list =
        Pattern.compile("for method in ([^;]*); do").matcher(Files.readString(Gate.LAUNCHER));
    assertThat(list.find()).isTrue();
    String[] methods = list.group(1).split("[\\s\\\\]+", -1);
    assertThat(methods).hasSizeGreaterThan(1);
    for (String method : methods) {
      String[] names = method.split("::", -1);
      assertThat(Class.forName("knockgate.rules." + names[0]).getDeclaredMethods())
          .extracting(Method::getName)
          .contains(names[1]);
    }
  }

  @Test
  void aReaderThatLeavesIsNoFaultAndAFullDiskIs() {
    assertThat(sh("{ " + LAUNCHER + " --help; echo $? >&2; } | true").ok().out()).isEqualTo("0\n");
    Run full = sh(LAUNCHER + " --help >/dev/full");
    assertThat(full.exitCode()).isEqualTo(5);
    assertThat(full.out()).contains("No space left on device").hasLineCount(1);
  }

  @Test
  void whatIsNoTerminalGetsNoColours() {
    assertThat(sh(LAUNCHER + " --help").ok().out()).doesNotContain("\033");
  }

  /** A folder like a Java's, whose java is a script. */
  private Path java(String version, String script) throws IOException {
    Path home = Files.createDirectories(folder.resolve("java-" + version));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\nOS=\"y\"\n");
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    return home;
  }

  private static Run with(Path javaHome, String... arguments) {
    List<String> command = new java.util.ArrayList<>(List.of(LAUNCHER));
    command.addAll(List.of(arguments));
    return Run.with(Map.of("JAVA_HOME", javaHome.toString()), command);
  }

  private static Run sh(String script) {
    return Run.of("sh", "-c", script);
  }
}
