package knockgate.gate.conformance;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folder of other recordings that the system property {@code knockgate.shared} names. A
 * relative name counts from where Maven was started, not from the module.
 */
public final class SharedFolder {
  private SharedFolder() {}

  /** Whether one is named. */
  public static boolean isNamed() {
    return !System.getProperty("knockgate.shared", "").isBlank();
  }

  /**
   * A folder in it.
   *
   * @param name {@code conformance} or {@code vectors}
   * @return null where none is named, or it has none of that name: then the shipped files count
   * @throws AssertionError where a folder is named that does not exist
   */
  public static @Nullable Path of(String name) {
    if (!isNamed()) {
      return null;
    }
    String shared = System.getProperty("knockgate.shared", "");
    Path named = Path.of(System.getProperty("knockgate.from", "")).resolve(shared);
    if (!Files.isDirectory(named)) {
      throw new AssertionError("knockgate.shared = " + shared + " is no folder: " + named);
    }
    Path folder = named.resolve(name);
    return Files.isDirectory(folder) ? folder : null;
  }
}
