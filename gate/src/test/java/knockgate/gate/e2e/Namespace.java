package knockgate.gate.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** One network namespace with a name that nobody else uses. */
final class Namespace implements AutoCloseable {
  private final String name;

  private Namespace(String name) {
    this.name = name;
  }

  /**
   * Makes it, with its loopback up.
   *
   * @throws AssertionError if this is not root, or the machine has no namespaces
   */
  static Namespace create(String name) {
    Run made = Run.of("ip", "netns", "add", name);
    if (made.exitCode() != 0) {
      throw new AssertionError(
          "no network namespace could be made (these tests need root): " + made.out());
    }
    Namespace namespace = new Namespace(name);
    namespace.ip("link set lo up");
    return namespace;
  }

  String name() {
    return name;
  }

  /** The command that runs {@code command} in here; it keeps its process id. */
  List<String> command(List<String> command) {
    List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", name));
    whole.addAll(command);
    return whole;
  }

  /** Runs a command in here to its end, whatever its exit code. */
  Run run(String... command) {
    return Run.with(Map.of(), command(List.of(command)));
  }

  /** {@code ip} for this namespace, words separated by one space. */
  void ip(String words) {
    List<String> command = new ArrayList<>(List.of("ip", "-n", name));
    command.addAll(List.of(words.split(" ", -1)));
    Run.with(Map.of(), command).ok();
  }

  /** Runs {@code work} on a thread of its own that stands in this namespace. */
  <T> T inside(Callable<T> work) {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              enter();
              return work.call();
            });
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get();
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause();
      if (cause instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("in " + name + ": " + cause, cause);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** Moves the calling thread, for good, into this namespace; its sockets are then made here. */
  void enter() {
    int fd = Sys.check("open namespace", Sys.C.open("/run/netns/" + name, Sys.O_RDONLY));
    try {
      Sys.check("setns", Sys.C.setns(fd, Sys.CLONE_NEWNET));
    } finally {
      Sys.C.close(fd);
    }
  }

  @Override
  public void close() {
    Run.of("ip", "netns", "del", name);
  }
}
