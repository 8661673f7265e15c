package knockgate.gate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import knockgate.rules.Grant;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Reason;

/**
 * Ends the grants of a door whose {@code covers} another policy changes, and tells of each. A grant
 * is kept under its address alone, so under another prefix length it would admit nobody and could
 * not be taken back; or, where it happens to be the first address of the wider prefix, it would
 * admit more than it was given for. A restart does the same: the state file knows what a door
 * covered. Under the lock of {@link CurrentPolicy}.
 */
final class OutgrownGrants {
  /** Each door as it was when it was last there: grants of a door that is gone stay. */
  private final Map<String, Door> known = new HashMap<>();

  private final KnockState state;
  private final Clocks clocks;
  private final AuditRing audit;
  private final Runnable settle;

  /**
   * Begins with a policy.
   *
   * @param settle run when grants were ended, while the former policy still counts
   */
  OutgrownGrants(Policy first, KnockState state, Clocks clocks, AuditRing audit, Runnable settle) {
    this.state = state;
    this.clocks = clocks;
    this.audit = audit;
    this.settle = settle;
    first.doors().forEach(door -> known.put(door.name(), door));
  }

  /** Compares with a policy that is about to be used. */
  void use(Policy next) {
    int ended = 0;
    for (Door door : next.doors()) {
      Door was = known.put(door.name(), door);
      if (was != null) {
        ended += end(was, was.coversV4() != door.coversV4(), was.coversV6() != door.coversV6());
      }
    }
    if (ended > 0) {
      settle.run();
    }
  }

  private int end(Door door, boolean endsV4, boolean endsV6) {
    if (!endsV4 && !endsV6) {
      return 0;
    }
    long nowMs = clocks.nowMs();
    List<Grant> outgrown = new ArrayList<>();
    state
        .grants()
        .each(
            nowMs,
            grant -> {
              boolean ends = Prefix.isV4(grant.hi(), grant.lo()) ? endsV4 : endsV6;
              if (ends && state.doorName(grant.tag()).equals(door.name())) {
                outgrown.add(grant);
              }
            });
    outgrown.forEach(grant -> end(door, grant, nowMs));
    return outgrown.size();
  }

  private void end(Door door, Grant grant, long nowMs) {
    if (state.grants().revoke(grant.hi(), grant.lo(), grant.tag(), nowMs)) {
      Prefix peer = GrantDesk.covered(door, new Prefix(grant.hi(), grant.lo(), 128));
      audit.tellGrant(
          clocks.epochMs(),
          Reason.COVERS_CHANGED,
          door.name(),
          peer.hi(),
          peer.lo(),
          peer.length(),
          -1,
          null);
    }
  }
}
