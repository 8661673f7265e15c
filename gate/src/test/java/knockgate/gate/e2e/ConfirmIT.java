package knockgate.gate.e2e;

import static knockgate.gate.e2e.SavedTables.saved;
import static knockgate.gate.e2e.SavedTables.tools;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code rules --confirm}: what nobody confirms does not stay, whoever goes away meanwhile. */
class ConfirmIT {
  private static final String APPLIED = "keep them with Enter";

  @TempDir private Path folder;
  private Path policy = Path.of("");
  private Path confirmSocket = Path.of("");
  private Path controlSocket = Path.of("");

  @BeforeEach
  void writePolicy() throws IOException {
    confirmSocket = folder.resolve("confirm.sock");
    controlSocket = folder.resolve("control.sock");
    policy = Files.writeString(folder.resolve("p.conf"), Scene.SSH + control(controlSocket));
  }

  private static String control(Object socket) {
    return "control { socket = \"" + socket + "\" }\n";
  }

  @ParameterizedTest
  @CsvSource({
    "iptables-nft, direct",
    "iptables-nft, mark",
    "iptables-legacy, direct",
    "iptables-legacy, mark"
  })
  void unconfirmedRulesGiveWayToTheFormerOnesInTheirPlaces(String iptables, String former)
      throws Exception {
    try (Wire wire = new Wire()) {
      Namespace server = wire.server();
      foreign(server, iptables);
      Path other = Files.writeString(folder.resolve("o.conf"), Scene.SSH.replace("22", "2222"));
      rules(server, other, iptables, "--layout", former).ok();
      for (String tool : tools(iptables)) { // the jump is neither first nor last
        server.run(tool, "-I", "INPUT", "1", "-p", "tcp", "--dport", "81", "-j", "DROP").ok();
        server.run(tool, "-A", "INPUT", "-p", "tcp", "--dport", "82", "-j", "DROP").ok();
      }
      String before = saved(server, iptables);

      Waiting waiting = waiting(server, iptables, "2s");
      assertThat(saved(server, iptables)).isNotEqualTo(before);
      waiting.type("no\n");
      waiting.endOfInput();

      assertThat(waiting.awaitEnd()).as(waiting.told()).isEqualTo(1);
      assertThat(waiting.told()).contains("nobody confirmed in time", "stands again");
      assertThat(saved(server, iptables)).isEqualTo(before);
      assertThat(confirmSocket).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void kernelSetsAreThereForTheRulesThatAskThem(boolean formerAsks) throws Exception {
    Path sets =
        Files.writeString(folder.resolve("s.conf"), Scene.SSH + "queue.filter = kernel-set");
    Path plain = policy;
    try (Wire wire = new Wire()) {
      Namespace server = wire.server();
      rules(server, formerAsks ? sets : plain, "iptables-nft").ok();
      String before = saved(server, "iptables-nft");
      assertThat(before.contains("--match-set")).isEqualTo(formerAsks);
      policy = formerAsks ? plain : sets;
      Waiting waiting = waiting(server, "iptables-nft", "10m");
      assertThat(saved(server, "iptables-nft").contains("--match-set")).isNotEqualTo(formerAsks);
      Run.of("kill", "-TERM", String.valueOf(waiting.process.pid())).ok();
      assertThat(waiting.awaitEnd()).as(waiting.told()).isEqualTo(1);
      assertThat(saved(server, "iptables-nft")).isEqualTo(before);
      assertThat(server.run("ipset", "list", "-name").ok().out().isEmpty())
          .isNotEqualTo(formerAsks);

      waiting = waiting(server, "iptables-nft", "10m");
      confirm(server).ok();
      assertThat(waiting.awaitEnd()).as(waiting.told()).isZero();
      assertThat(server.run("ipset", "list", "-name").ok().out().isEmpty()).isEqualTo(formerAsks);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HUP", "INT", "TERM"})
  void aSignalTakesTheRulesBackAtOnce(String signal) throws Exception {
    try (Wire wire = new Wire()) {
      Namespace server = wire.server();
      foreign(server, "iptables-nft");
      String before = saved(server, "iptables-nft");
      Waiting waiting = waiting(server, "iptables-nft", "10m");
      for (int times = 1; times <= 2; times++) { // a session that ends sends it more than once
        Run.of("kill", "-" + signal, String.valueOf(waiting.process.pid())).ok();
      }
      assertThat(waiting.awaitEnd()).as(waiting.told()).isEqualTo(1);
      assertThat(saved(server, "iptables-nft")).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void confirmedRulesStay(boolean byEnter) throws Exception {
    try (Wire wire = new Wire()) {
      Namespace server = wire.server();
      Waiting waiting = waiting(server, "iptables-nft", "10m");
      String applied = saved(server, "iptables-nft");
      assertThat(last()).as("not what a start may go back to, yet").doesNotExist();
      if (byEnter) {
        waiting.type("\n");
      } else {
        assertThat(confirm(server).ok().out()).contains("The rules stay.");
      }
      assertThat(waiting.awaitEnd()).as(waiting.told()).isZero();
      assertThat(saved(server, "iptables-nft")).isEqualTo(applied).contains("KNOCKGATE");
      assertThat(last()).isNotEmptyFile();
      assertThat(confirm(server).exitCode()).isEqualTo(1);
    }
  }

  @Test
  void onlyOneTrialAtATimeAndWhoAsksDoesNotConfirmTheFirst() throws Exception {
    try (Wire wire = new Wire()) {
      Namespace server = wire.server();
      Waiting first = waiting(server, "iptables-nft", "10m");
      Run second = rules(server, policy, "iptables-nft", options("10m"));
      assertThat(second.exitCode()).isEqualTo(5);
      assertThat(second.out()).contains("nothing was changed", "is in use");
      assertThat(first.process.isAlive()).isTrue();
      assertThat(confirm(server).exitCode()).isZero();
      assertThat(first.awaitEnd()).isZero();
    }
  }

  @Test
  void whatIsDoneDuringATrialIsNotSilentlyUndoneAtItsEnd() throws Exception {
    String[] socket = {"--confirm-socket", confirmSocket.toString()};
    try (Wire wire = new Wire()) {
      Namespace server = wire.server();
      Waiting trial = waiting(server, "iptables-nft", "10m");
      String onTrial = saved(server, "iptables-nft");
      Run apply = rules(server, policy, "iptables-nft", socket);
      assertThat(apply.exitCode()).isEqualTo(5);
      assertThat(apply.out()).contains("nothing was changed: rules are on trial");
      assertThat(saved(server, "iptables-nft")).isEqualTo(onTrial);
      Run remove = Gate.command(server, "rules", "--remove", socket[0], socket[1]).ok();
      assertThat(remove.out()).contains("rules are on trial: at its end, what stood before it");
      assertThat(saved(server, "iptables-nft")).doesNotContain("KNOCKGATE");
      assertThat(confirm(server).exitCode()).isZero();
      assertThat(trial.awaitEnd()).isZero();
      assertThat(Gate.command(server, "rules", "--remove", socket[0], socket[1]).ok().out())
          .doesNotContain("trial");
    }
  }

  private Run confirm(Namespace namespace) {
    return Gate.command(
        namespace,
        "confirm",
        "--socket",
        controlSocket.toString(),
        "--confirm-socket",
        confirmSocket.toString());
  }

  private static Run rules(Namespace namespace, Path policy, String iptables, String... options) {
    List<String> arguments = arguments(policy, iptables, options);
    return Gate.command(namespace, arguments.toArray(String[]::new));
  }

  private static List<String> arguments(Path policy, String iptables, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("rules", "-c", policy.toString(), "--iptables", iptables));
    arguments.add("--apply");
    arguments.addAll(List.of(options));
    return arguments;
  }

  private String[] options(String time) {
    return new String[] {
      "--confirm", time, "--confirm-socket", confirmSocket.toString(), "--last", last().toString()
    };
  }

  private Path last() {
    return folder.resolve("last");
  }

  /** The rules applied, and the command that waits for a confirmation. */
  private Waiting waiting(Namespace namespace, String iptables, String time) throws Exception {
    List<String> command = new ArrayList<>(List.of(Gate.LAUNCHER.toString()));
    command.addAll(arguments(policy, iptables, options(time)));
    Path log = folder.resolve("waiting.log");
    Process process =
        new ProcessBuilder(namespace.command(command))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Waiting waiting = new Waiting(process, log);
    for (int tries = 0; tries < 1000 && !waiting.told().contains(APPLIED); tries++) {
      assertThat(process.isAlive()).as(waiting.told()).isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(waiting.told()).contains(APPLIED);
    return waiting;
  }

  private record Waiting(Process process, Path log) {
    void type(String text) throws IOException {
      process.outputWriter().append(text).flush();
    }

    void endOfInput() throws IOException {
      process.getOutputStream().close();
    }

    int awaitEnd() throws Exception {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("it does not end:\n" + told());
      }
      return process.exitValue();
    }

    String told() throws IOException {
      return Files.readString(log);
    }
  }

  private static void foreign(Namespace server, String iptables) {
    for (String tool : tools(iptables)) {
      server.run(tool, "-A", "INPUT", "-p", "tcp", "--dport", "25", "-j", "ACCEPT").ok();
      server.run(tool, "-t", "mangle", "-A", "INPUT", "-p", "udp", "-j", "ACCEPT").ok();
    }
  }
}
