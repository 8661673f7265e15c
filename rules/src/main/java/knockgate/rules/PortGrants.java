package knockgate.rules;

import java.time.Duration;
import knockgate.rules.spa.FwknopRequest;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Reason;

/** Gives what an fwknop message asked for, port by port. Owned by one thread. */
final class PortGrants {
  private final GrantTable grants;
  private long lastMs;

  PortGrants(GrantTable grants) {
    this.grants = grants;
  }

  /** {@link Reason#SPA_OPENED}, or {@link Reason#GRANTS_FULL} where a port found no room. */
  Reason give(DoorPlan door, FwknopRequest request, long nowMs) {
    Duration timeout = request.timeout();
    lastMs = timeout == null ? GrantTable.NEVER : timeout.toMillis();
    long deadlineMs = timeout == null ? GrantTable.NEVER : nowMs + timeout.toMillis();
    boolean v4 = Prefix.isV4(request.addressHi(), request.addressLo());
    boolean given = true;
    for (PortRange port : request.ports()) {
      given &=
          grants.add(
              door.cover.hi(v4, request.addressHi()),
              door.cover.lo(v4, request.addressLo()),
              door.grantTag(port.protocol(), port.first()),
              nowMs,
              deadlineMs,
              door.connections);
    }
    return given ? Reason.SPA_OPENED : Reason.GRANTS_FULL;
  }

  /** How long the last grant lasts, in milliseconds, or {@link GrantTable#NEVER}. */
  long lastMs() {
    return lastMs;
  }
}
