package knockgate.gate.cli.control;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Parameters;

/** Whose grant for which door a command is about; a mixin. */
final class PeerAtDoor {
  @Parameters(index = "0", paramLabel = "DOOR", description = "name of the door")
  private String door = "";

  @Parameters(index = "1", paramLabel = "PEER", description = "address or prefix of the peer")
  private String peer = "";

  /** What a request says of it; a new map, to which more may be added. */
  Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("door", door);
    fields.put("peer", peer);
    return fields;
  }
}
