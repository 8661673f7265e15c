package knockgate.gate.selftest;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.process.Program;
import knockgate.nfq.NativeException;
import knockgate.nfq.NetworkNamespace;

/**
 * Two network namespaces on one cable, out of reach of everything else. Gone after {@link #close},
 * and when the program ends before.
 *
 * <pre>
 *   client                                 server
 *   198.18.0.0/15    cable ------- cable   198.18.0.1      the gate
 *   2001:db8::/32                          2001:db8::1
 * </pre>
 */
final class Stage implements AutoCloseable {
  private static final String DEVICE = "cable";
  private static final Path NAMES = Path.of("/run/netns");

  private final Program ip = Program.find("ip", "iproute2");
  private final String server;
  private final String client;
  private final Thread onExit = new Thread(this::remove, "remove namespaces");

  /**
   * Puts it up.
   *
   * @throws Failure if the kernel does not let us
   */
  Stage() {
    String name = "knockgate-selftest-" + ProcessHandle.current().pid();
    server = name + "-server";
    client = name + "-client";
    Runtime.getRuntime().addShutdownHook(onExit);
    try {
      ip("", "netns", "add", server);
      ip("", "netns", "add", client);
      ip("", "-n", client, "link", "add", DEVICE, "type", "veth", "peer", DEVICE, "netns", server);
      for (String side : List.of(server, client)) {
        ip("", "-n", side, "link", "set", "lo", "up");
        ip("", "-n", side, "link", "set", DEVICE, "up");
      }
    } catch (Failure e) {
      close();
      throw e;
    }
  }

  /** Gives the server addresses such as {@code 198.18.0.1/15}. */
  void serverHas(List<String> addresses) {
    add(server, addresses);
  }

  /** Gives the client addresses. */
  void clientHas(List<String> addresses) {
    add(client, addresses);
  }

  /** After the link is up: IPv6 addresses given before it answer nobody for a second. */
  private void add(String side, List<String> addresses) {
    String lines =
        addresses.stream()
            .map(address -> "address add " + address + " dev " + DEVICE + nodad(address) + "\n")
            .collect(Collectors.joining());
    ip(lines, "-n", side, "-batch", "-");
  }

  private static String nodad(String address) {
    return address.contains(":") ? " nodad" : "";
  }

  private void ip(String input, String... arguments) {
    Program.Outcome outcome = ip.run(input, arguments);
    if (!outcome.succeeded()) {
      throw new Failure(
          ExitCode.KERNEL,
          "no namespace to test in: ip "
              + String.join(" ", arguments)
              + ": "
              + outcome.err().strip().replaceAll("\\R", "; "));
    }
  }

  /** Threads that stand at the client's end. */
  ThreadFactory clients() {
    return threads(client);
  }

  /**
   * Does something on a thread that stands at the server's end.
   *
   * @throws Failure as the work does, or for any exception of it
   */
  <T> T onServer(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    threads(server).newThread(task).start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Failure failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.NOT_SO, "interrupted", e);
    }
  }

  /** A thread that does something at the server's end; not started yet. */
  Thread server(Runnable work) {
    return threads(server).newThread(work);
  }

  private static ThreadFactory threads(String side) {
    return work -> {
      Thread thread = new Thread(() -> inside(side, work), side);
      thread.setDaemon(true);
      return thread;
    };
  }

  private static void inside(String side, Runnable work) {
    try {
      NetworkNamespace.enter(NAMES.resolve(side));
    } catch (NativeException e) {
      throw new IllegalStateException(e);
    }
    work.run();
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(onExit);
    remove();
  }

  /** What was never made cannot be removed, and that is no matter. */
  private void remove() {
    ip.run("", "-n", client, "link", "delete", DEVICE);
    ip.run("", "netns", "delete", client);
    ip.run("", "netns", "delete", server);
  }
}
