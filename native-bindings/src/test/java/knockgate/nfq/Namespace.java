package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jnr.ffi.LibraryLoader;

/**
 * A network namespace of its own for a test, without a name: a new thread leaves the machine's
 * namespace by unshare(2), and threads and processes that it starts are in there too. When the last
 * of them ends the kernel removes it with its rules and queues, also after a crash.
 */
final class Namespace {
  /** linux/sched.h. */
  private static final int CLONE_NEWNET = 0x40000000;

  /** linux/capability.h: _LINUX_CAPABILITY_VERSION_3, whose data are two sets of three words. */
  private static final int CAPABILITY_VERSION_3 = 0x20080522;

  private static final long TEST_SECONDS = 60;

  private static final LinuxThread LINUX = LibraryLoader.create(LinuxThread.class).load("c");

  /** What runs inside. */
  interface Body {
    void run() throws Exception;
  }

  private Namespace() {}

  /** Runs a test in a fresh namespace whose loopback is up. */
  static void run(Body body) throws Exception {
    requireRoot();
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              assertThat(LINUX.unshare(CLONE_NEWNET)).as("unshare(CLONE_NEWNET)").isZero();
              command("ip", "link", "set", "lo", "up");
              body.run();
              return null;
            });
    Thread thread = new Thread(task, "namespace");
    thread.setDaemon(true);
    thread.start();
    try {
      task.get(TEST_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception inside) {
        throw inside;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  /** Takes every capability from the calling thread, for ever. */
  static void dropCapabilities() {
    int[] header = {CAPABILITY_VERSION_3, 0};
    assertThat(LINUX.capset(header, new int[6])).as("capset").isZero();
  }

  private static void requireRoot() {
    assertThat(System.getProperty("user.name"))
        .as("these tests make network namespaces and NFQUEUE rules: run them as root")
        .isEqualTo("root");
  }

  /**
   * Adds a rule for IPv4 and IPv6 and names it, so that its counter can be found.
   *
   * @param table such as mangle
   * @param rule such as {@code INPUT -p udp -j NFQUEUE --queue-num 7}
   */
  static void rule(String name, String table, String rule) throws Exception {
    for (String tool : new String[] {"iptables", "ip6tables"}) {
      String line = tool + " -w -t " + table + " -A " + rule + " -m comment --comment " + name;
      command(line.split(" ", -1));
    }
  }

  /** Packets that a rule has seen, per family: {@code iptables} or {@code ip6tables}. */
  static int packets(String tool, String name) throws Exception {
    Matcher line =
        Pattern.compile("^\\[(\\d+):\\d+].* --comment " + name + "\\b.*$", Pattern.MULTILINE)
            .matcher(command(tool + "-save", "-c"));
    assertThat(line.find()).as("rule %s of %s", name, tool).isTrue();
    return Integer.parseInt(line.group(1));
  }

  /** A program of the test tree in a Java of its own, in the namespace of this thread. */
  static ProcessBuilder java(Class<?> main, String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    words.addAll(List.of(arguments));
    return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  /** Runs a program in the namespace of this thread and returns what it printed. */
  static String command(String... words) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(words).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new AssertionError("apt install iptables iproute2: " + e.getMessage(), e);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", String.join(" ", words), output).isZero();
    return output;
  }
}
