package knockgate.gate.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs are run with fixed arguments, for a time, a few at once. */
class HookRunnerTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final HookRunner runner =
      new HookRunner(new PrintStream(said, true, StandardCharsets.UTF_8));

  @AfterEach
  void close() {
    runner.close();
  }

  private static HookRunner.Job job(Path program, Duration timeout, String... arguments) {
    List<String> argv = new ArrayList<>(List.of(program.toString()));
    argv.addAll(List.of(arguments));
    return new HookRunner.Job(
        "on-open of door d for 203.0.113.9", argv, timeout, () -> {}, () -> {});
  }

  private void awaitFailures(int count) {
    Script.await("failure " + count, () -> runner.failed() >= count && said.size() > 0);
  }

  @Test
  void argumentsArriveAsTheyAreAndNoShellReadsThem() {
    Script script = Script.of(folder, "for a in \"$@\"; do echo \"<$a>\" >>$log; done");

    assertThat(runner.offer(1, job(script.program(), LONG, "a b", "$(id)", "; rm -rf *", "")))
        .isTrue();
    assertThat(script.await(4)).containsExactly("<a b>", "<$(id)>", "<; rm -rf *>", "<>");
    assertThat(runner.failed()).isZero();
    assertThat(runner.started()).isEqualTo(1);
  }

  @Test
  void ofTheEnvironmentOnlyPathIsThereAndTheInputIsEmpty() {
    Script script =
        Script.of(
            folder, "env | cut -d= -f1 | grep -vxE '_|PWD|OLDPWD|SHLVL' >>$log", "wc -c >>$log");

    runner.offer(1, job(script.program(), LONG));
    assertThat(script.await(2)).containsExactly("PATH", "0");
  }

  @Test
  void whatTakesTooLongIsEndedWithAllThatItStarted() {
    Script script =
        Script.of(
            folder, "trap '' TERM", "sleep 1000 &", "echo $$ $! >>$log", "wait", "sleep 1000");

    runner.offer(1, job(script.program(), Duration.ofSeconds(1)));
    awaitFailures(1);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "knockgate: hook on-open of door d for 203.0.113.9: "
                + script.program()
                + " took longer than 1000 ms and was ended\n");
    for (String pid : script.await(1).get(0).split(" ", -1)) {
      Script.await("the end of " + pid, () -> !isAlive(Long.parseLong(pid)));
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  @Test
  void aFailureIsToldInASentence() throws IOException {
    Script script = Script.of(folder, "exit 3");
    Path open = Files.copy(script.program(), folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxr-x"));
    Files.writeString(script.log(), "");
    Object[][] rows = {
      {script.program(), "ended with 3"},
      {folder.resolve("missing"), "cannot be found"},
      {script.log(), "is not a program that can be run"},
      {open, "can be written by others, who would get the gate's rights; chmod go-w it"},
    };
    for (Object[] row : rows) {
      assertThat(told((Path) row[0])).endsWith(row[0] + " " + row[1] + "\n");
    }
  }

  @Test
  void aProgramOfAThirdUserIsNotRun() throws IOException {
    assumeThat(System.getProperty("user.name")).as("only root gives files away").isEqualTo("root");
    Script script = Script.of(folder, "exit 0");
    Files.setAttribute(script.program(), "unix:uid", 65534);
    assertThat(told(script.program()))
        .endsWith(
            script.program()
                + " belongs to nobody, and a gate of another user does not run it; chown root it\n");
  }

  /** What is said of a program that was run once. */
  private static String told(Path program) {
    ByteArrayOutputStream words = new ByteArrayOutputStream();
    try (HookRunner one = new HookRunner(new PrintStream(words, true, StandardCharsets.UTF_8))) {
      one.offer(1, job(program, LONG));
    } // which lets it finish
    return words.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aProgramThatAlwaysFailsDoesNotFillTheLog() {
    for (int i = 0; i < 50; i++) {
      runner.offer(i, job(folder.resolve("missing"), LONG));
    }
    awaitFailures(50);
    assertThat(said.toString(StandardCharsets.UTF_8).lines()).hasSizeLessThan(10);
  }

  @Test
  void onlySoManyRunAtOnceAndSoManyWait() throws IOException {
    Path end = folder.resolve("end");
    Script script =
        Script.of(folder, "echo began >>$log; while [ ! -e '" + end + "' ]; do sleep 0.02; done");
    int taken = 0;
    for (int i = 0; i < 10_000; i++) {
      taken += runner.offer(i, job(script.program(), LONG)) ? 1 : 0;
    }
    // each worker holds one job besides those that wait
    assertThat(taken).isEqualTo(HookRunner.MOST_RUNNING * (HookRunner.MOST_WAITING + 1));
    assertThat(script.await(HookRunner.MOST_RUNNING)).hasSize(HookRunner.MOST_RUNNING);
    assertThat(runner.started()).isEqualTo(HookRunner.MOST_RUNNING);
    Files.writeString(end, "");
  }

  @Test
  void jobsOfOneKeyKeepTheirOrder() {
    Script script = Script.of(folder, "[ $1 = 1 ] && sleep 0.3; echo $1 >>$log");
    for (String number : List.of("1", "2", "3")) {
      runner.offer(77, job(script.program(), LONG, number));
    }
    assertThat(script.await(3)).containsExactly("1", "2", "3");
  }
}
