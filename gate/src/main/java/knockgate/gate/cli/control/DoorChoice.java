package knockgate.gate.cli.control;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The one door that a list may be limited to; a mixin. */
final class DoorChoice {
  @Parameters(arity = "0..1", paramLabel = "DOOR", description = "only those of this door")
  private @Nullable String door;

  /** What a request says of it. */
  Map<String, String> fields() {
    return door == null ? Map.of() : Map.of("door", door);
  }
}
