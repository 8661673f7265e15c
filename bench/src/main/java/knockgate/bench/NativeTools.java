package knockgate.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The programs in C that the end-to-end run needs, compiled where they run.
 *
 * @param flood sends forged SYNs
 * @param loop the plain verdict loops to compare with
 * @param dial listens, connects and knocks
 */
record NativeTools(Path flood, Path loop, Path dial) {
  /**
   * Compiles them.
   *
   * @param folder where sources and programs go
   * @throws IOException when gcc or a header is missing, with the cure
   */
  static NativeTools compile(Path folder) throws IOException {
    Files.createDirectories(folder);
    return new NativeTools(
        compile(folder, "flood", List.of()),
        compile(folder, "loop", List.of("-lnetfilter_queue")),
        compile(folder, "dial", List.of()));
  }

  private static Path compile(Path folder, String name, List<String> libraries) throws IOException {
    Path source = folder.resolve(name + ".c");
    try (InputStream c = NativeTools.class.getResourceAsStream(name + ".c")) {
      if (c == null) {
        throw new IOException(name + ".c is not in the jar");
      }
      Files.copy(c, source, StandardCopyOption.REPLACE_EXISTING);
    }
    Path program = folder.resolve(name);
    List<String> command =
        new ArrayList<>(List.of("gcc", "-O2", "-o", program.toString(), source.toString()));
    command.addAll(libraries);
    try {
      Commands.run(command);
    } catch (IOException e) {
      throw new IOException(
          "the end-to-end run compiles C and needs gcc, libc6-dev and libnetfilter-queue-dev: "
              + e.getMessage(),
          e);
    }
    return program.toAbsolutePath();
  }
}
