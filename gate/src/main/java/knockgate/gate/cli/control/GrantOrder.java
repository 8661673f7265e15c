package knockgate.gate.cli.control;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who is to pass which door from now on, and for how long; a mixin. */
final class GrantOrder {
  @Mixin private PeerAtDoor peer = new PeerAtDoor();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description =
          "how long from now on, such as 10m, or never (default: as long as the door says)")
  private @Nullable String lasts;

  /** What a request says of it. */
  Map<String, String> fields() {
    Map<String, String> fields = peer.fields();
    if (lasts != null) {
      fields.put("for", lasts);
    }
    return fields;
  }
}
