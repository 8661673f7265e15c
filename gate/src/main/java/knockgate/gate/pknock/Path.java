package knockgate.gate.pknock;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of one kind of traffic through INPUT.
 *
 * @param traffic which packets
 * @param encounters what happens to them, in order
 * @param accepted the verdict at the end of the way
 * @param last the plain rule that gives that verdict; null = the policy of the chain
 */
record Path(Traffic traffic, List<Encounter> encounters, boolean accepted, @Nullable Rule last) {
  Path {
    encounters = List.copyOf(encounters);
  }

  Path with(List<Encounter> others) {
    return new Path(traffic, others, accepted, last);
  }

  /** Whether some of these packets are accepted without a knock. */
  boolean mayBeAccepted() {
    return accepted || has(Encounter.Kind.MAY_ACCEPT);
  }

  /** Whether some of these packets are dropped, when nobody knocks. */
  boolean mayBeDropped() {
    return !accepted || has(Encounter.Kind.MAY_DROP);
  }

  private boolean has(Encounter.Kind kind) {
    return encounters.stream().anyMatch(encounter -> encounter.kind() == kind);
  }
}
