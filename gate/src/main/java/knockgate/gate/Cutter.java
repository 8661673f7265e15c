package knockgate.gate;

import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import knockgate.nfq.Conntrack;
import knockgate.nfq.NativeException;
import knockgate.nfq.TrackedConnection;
import knockgate.rules.Grant;
import knockgate.rules.GrantTable;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;

/**
 * When a grant ends, however it ends, cuts the connections that it let in, for doors with {@code
 * kill-established}. Once a second, so that a flood of ends costs one look through the table; at
 * once when it was taken back by hand. The kernel forgets the connection, so its next packet is a
 * new one, for which there is no grant; what the server itself sends must not revive it, see {@link
 * knockgate.gate.firewall.FirewallRules}. Under the sweeper's lock; any thread may revoke.
 */
final class Cutter {
  private static final int TCP = 6;
  private static final int UDP = 17;

  /** A grant, whatever its end. */
  private record Held(long hi, long lo, long tag) {
    static Held of(Grant grant) {
      return new Held(grant.hi(), grant.lo(), grant.tag());
    }
  }

  private final KnockState state;
  private final FaultLog faults;

  /**
   * Ended since the last tick. Only the control socket and close messages add to it, and sweeps.
   */
  private final Queue<Held> ended = new ConcurrentLinkedQueue<>();

  private volatile boolean isNeeded = true;

  Cutter(KnockState state, FaultLog faults) {
    this.state = state;
    this.faults = faults;
    state.grants().watch(this::changed);
  }

  /** Whether a policy has anything to cut. */
  static boolean isNeeded(Policy policy) {
    return policy.doors().stream().anyMatch(Door::killEstablished);
  }

  /**
   * Whether the kernel lets us.
   *
   * @throws NativeException with the cure
   */
  static void requireKernel() throws NativeException {
    Conntrack.open().close();
  }

  /** On the thread that changed a grant; what is not taken back is none of our business. */
  private void changed(long hi, long lo, long tag, long deadlineMs, int connections) {
    if (deadlineMs == 0 && isNeeded) {
      ended.add(new Held(hi, lo, tag));
    }
  }

  /** Takes note of a grant whose time is up. */
  void ended(Grant grant) {
    if (isNeeded) {
      ended.add(Held.of(grant));
    }
  }

  /** Cuts what is due. */
  void tick(Policy policy, long nowMs) {
    isNeeded = isNeeded(policy);
    Set<Held> due = new HashSet<>();
    for (Held held = ended.poll(); held != null; held = ended.poll()) {
      if (isCutting(policy, held)) {
        due.add(held);
      }
    }
    if (!due.isEmpty() && !policy.observe()) {
      Set<Held> now = new HashSet<>();
      state.grants().each(nowMs, grant -> now.add(Held.of(grant)));
      cut(policy, due, now);
    }
  }

  private boolean isCutting(Policy policy, Held held) {
    String name = state.doorName(held.tag);
    return policy.doors().stream()
        .anyMatch(door -> door.killEstablished() && door.name().equals(name));
  }

  private void cut(Policy policy, Set<Held> due, Set<Held> now) {
    try (Conntrack conntrack = Conntrack.open()) {
      conntrack.cut(
          connection ->
              isCovered(policy, connection, due)
                  && !isCovered(policy, connection, now)
                  && !isRescue(policy, connection));
    } catch (NativeException e) {
      faults.record("cut connections", e);
    }
  }

  private static boolean isRescue(Policy policy, TrackedConnection connection) {
    return policy.rescue().stream()
        .anyMatch(prefix -> prefix.contains(connection.peerHi(), connection.peerLo()));
  }

  /** Whether one of these grants lets in to where a connection leads. */
  private boolean isCovered(Policy policy, TrackedConnection connection, Set<Held> grants) {
    Protocol protocol =
        switch (connection.ipProtocol()) {
          case TCP -> Protocol.TCP;
          case UDP -> Protocol.UDP;
          default -> null;
        };
    if (protocol == null) {
      return false;
    }
    Prefix peer = new Prefix(connection.peerHi(), connection.peerLo(), 128);
    for (Door door : policy.doors()) {
      if (door.protects(protocol, connection.port())) {
        Prefix covered = GrantDesk.covered(door, peer);
        long whole = state.grantTag(door.name());
        long port = GrantTable.tag(GrantTable.doorId(whole), protocol, connection.port());
        if (grants.contains(new Held(covered.hi(), covered.lo(), whole))
            || grants.contains(new Held(covered.hi(), covered.lo(), port))) {
          return true;
        }
      }
    }
    return false;
  }
}
