package knockgate.gate.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import knockgate.gate.control.Ask;
import knockgate.gate.control.ControlClient;
import knockgate.gate.control.Row;
import knockgate.gate.fault.Failure;

/** A scene whose gate keeps its state and can be asked, both in a folder of its own. */
final class KeptScene implements AutoCloseable {
  private static final long PATIENCE_NS = 30_000_000_000L;

  private final Path folder;
  private final Scene scene;

  /** A scene with that policy; where its state and its socket are is added. */
  KeptScene(String policy) {
    this(policy, Scene.MARK);
  }

  /** The same in another layout of the rules. */
  KeptScene(String policy, String layout) {
    try {
      folder = Files.createTempDirectory("knockgate-it");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    scene = new Scene(policy + places(), layout, "iptables-nft");
  }

  /** What a policy must say to be one of this scene. */
  String places() {
    return "\nstate.file = \""
        + folder.resolve("state")
        + "\"\ncontrol.socket = \""
        + socket()
        + "\"\n";
  }

  private Path socket() {
    return folder.resolve("control.sock");
  }

  Path folder() {
    return folder;
  }

  Scene scene() {
    return scene;
  }

  Gate gate() {
    return scene.gate();
  }

  /** Asks the gate that runs now. */
  List<Row> ask(Ask ask, Map<String, String> fields) {
    try (ControlClient client = ControlClient.connect(socket())) {
      return client.ask(ask, fields);
    }
  }

  /** Runs a command that asks the gate, such as {@code reload}. */
  Run command(String... words) {
    String[] whole =
        Stream.concat(Stream.of(words), Stream.of("-s", socket().toString()))
            .toArray(String[]::new);
    return Gate.command(scene.wire().server(), whole);
  }

  /** The peers that hold a grant for a door. */
  Set<String> granted(String door) {
    return ask(Ask.GRANTS, Map.of("door", door)).stream()
        .map(row -> row.text("peer"))
        .collect(Collectors.toSet());
  }

  /** The same as soon as the gate answers; half a minute at most. */
  Set<String> grantedOnceUp(String door) {
    long deadline = System.nanoTime() + PATIENCE_NS;
    while (true) {
      try {
        return granted(door);
      } catch (Failure notYet) {
        if (System.nanoTime() > deadline) {
          throw notYet;
        }
        pause();
      }
    }
  }

  /** Waits half a minute at most. */
  void await(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + PATIENCE_NS;
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited 30 s for: " + what + gate());
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** Writes another policy where the gate reads its own. */
  void write(String policy) {
    try {
      Files.writeString(scene.policy(), policy + places());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void close() {
    scene.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(KeptScene::delete);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
