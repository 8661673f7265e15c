package knockgate.gate.control;

import java.util.Comparator;
import java.util.List;
import knockgate.rules.Grant;
import knockgate.rules.GrantTable;
import knockgate.rules.GrantTag;
import knockgate.rules.words.Protocol;

/** Who may pass which door, the first to end first. */
final class GrantRows {
  private final ControlRoom room;
  private final long nowMs;

  GrantRows(ControlRoom room) {
    this.room = room;
    nowMs = room.clocks().nowMs();
  }

  /**
   * Writes them.
   *
   * @param door one door only; empty = all
   */
  void write(String door, int most, Answer answer) {
    List<Grant> grants =
        room.state().grants().list(nowMs).stream()
            .filter(grant -> door.isEmpty() || room.state().doorName(grant.tag()).equals(door))
            .sorted(Comparator.comparingLong(Grant::deadlineMs))
            .limit(most)
            .toList();
    write(grants, answer);
  }

  void write(List<Grant> grants, Answer answer) {
    grants.forEach(grant -> answer.add(row(grant)));
  }

  private Row row(Grant grant) {
    String door = room.state().doorName(grant.tag());
    Row row =
        Row.of("grant").with("door", door).with("peer", room.desk().covered(grant).toString());
    Protocol protocol = GrantTag.protocol(grant.tag());
    if (protocol != null) {
      row.with("port", protocol.word() + "/" + GrantTag.port(grant.tag()));
    }
    if (grant.deadlineMs() != GrantTable.NEVER) {
      row.with("left_ms", Math.max(0, grant.deadlineMs() - nowMs));
    }
    if (grant.connections() != GrantTable.UNLIMITED) {
      row.with("connections", grant.connections());
    }
    return row;
  }
}
