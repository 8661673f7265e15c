package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code top} on a terminal: that of script(1), which writes down what is drawn on it. */
class TopIT {
  private static final String OPEN_SCREEN = "\033[?1049h";
  private static final String CLOSE_SCREEN = "\033[?1049l";
  private static final String RED = "\033[1;31m";

  @TempDir private Path folder;

  @Test
  void drawsPausesAndLeavesTheTerminalAsItWas() throws IOException, InterruptedException {
    Path socket = folder.resolve("run/control.sock");
    String control = "control.socket = \"" + socket + "\"\n";
    try (Scene scene = new Scene(Scene.SSH + control)) {
      Peer friend = scene.friend(Family.IPV6);
      friend.knock(Family.IPV6.server, List.of("tcp/7000", "tcp/8000"));
      scene.gate().awaitEvent("second knock", e -> e.field("port").equals("8000"));

      Path drawn = folder.resolve("drawn");
      Process top = start(drawn, onSameTerminal(socket));
      try {
        await(drawn, "ATTEMPTS");
        assertThat(text(drawn))
            .contains(OPEN_SCREEN, "enforcing", friend.address(), "[##-] 2/3", "q quit")
            .doesNotContain(RED, CLOSE_SCREEN);
        Run observe = Gate.command(scene.wire().server(), "observe", "on", "-s", socket.toString());
        assertThat(observe.exitCode()).as(observe.out()).isZero();
        await(drawn, "ONLY OBSERVING");
        assertThat(text(drawn)).contains(RED);

        press(top, "p");
        await(drawn, "PAUSED");
        press(top, "q");
        assertThat(top.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(text(drawn)).contains(CLOSE_SCREEN, "ended with 0", "same terminal");
      } finally {
        top.destroyForcibly();
      }
    }
  }

  @Test
  void aTerminalThatVanishesIsNoInternalError() throws IOException, InterruptedException {
    Path socket = folder.resolve("run/control.sock");
    try (Scene scene = new Scene(Scene.SSH + "control.socket = \"" + socket + "\"\n")) {
      Path drawn = folder.resolve("drawn");
      Path told = folder.resolve("told");
      Process terminal =
          start(drawn, "trap : HUP; (" + top(socket) + ") 2>" + told + "; echo $? >>" + told);
      try {
        await(drawn, "ATTEMPTS");
      } finally {
        terminal.destroyForcibly();
      }
      await(told, "\n5");
      assertThat(text(told)).startsWith("knockgate: the terminal cannot be used: ").endsWith("5\n");
      Run status = Gate.command(scene.wire().server(), "status", "-s", socket.toString());
      assertThat(status.exitCode()).as("the gate goes on").isZero();
    }
  }

  private static String top(Path socket) {
    return Gate.LAUNCHER + " top --delay 0.2 -s " + socket;
  }

  /** The terminal's settings are compared with those before: raw mode must not outlive top. */
  private static String onSameTerminal(Path socket) {
    return "stty rows 24 cols 80; before=$(stty -g); "
        + top(socket)
        + "; echo ended with $?; [ \"$(stty -g)\" = \"$before\" ] && echo same terminal";
  }

  private static Process start(Path drawn, String command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("script", "--quiet", "--flush", "--command", command, drawn.toString());
    builder.environment().put("TERM", "xterm-256color");
    builder.environment().remove("NO_COLOR");
    return builder
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectErrorStream(true)
        .start();
  }

  private static void press(Process top, String key) throws IOException {
    top.getOutputStream().write(key.getBytes(StandardCharsets.US_ASCII));
    top.getOutputStream().flush();
  }

  private static String text(Path drawn) throws IOException {
    return Files.exists(drawn) ? Files.readString(drawn) : "";
  }

  private static void await(Path drawn, String text) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!text(drawn).contains(text)) {
      assertThat(System.nanoTime())
          .as("waited for %s in %s", text, text(drawn))
          .isLessThan(deadline);
      Thread.sleep(20);
    }
  }
}
