package knockgate.gate;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import knockgate.gate.fault.FaultLog;
import knockgate.nfq.Conntrack;
import knockgate.nfq.NativeException;
import knockgate.nfq.TrackedConnection;
import knockgate.rules.Grant;
import knockgate.rules.GrantTag;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * When a grant ends, however it ends, cuts the connections that it let in, for doors with {@code
 * kill-established}. Once a second, so that a flood of ends costs one look through the table; at
 * once when it was taken back by hand. What the kernel refuses is tried again, {@link #MOST_TRIES}
 * times in all. The kernel forgets the connection, so its next packet is a new one, for which there
 * is no grant; what the server itself sends must not revive it, see {@link
 * knockgate.gate.firewall.FirewallRules}. Under the sweeper's lock; any thread may revoke.
 */
final class Cutter {
  private static final int TCP = 6;
  private static final int UDP = 17;

  /** A kernel that has not answered by then may take five seconds to say nothing each time. */
  static final int MOST_TRIES = 10;

  /** Grants of which a cut may be tried again, some 10 MB. */
  static final int MOST_LEFT = 1 << 16;

  /** Has the kernel forget connections. */
  @FunctionalInterface
  interface Kernel {
    /** Those for which the test holds. */
    void cut(Predicate<TrackedConnection> which) throws NativeException;
  }

  /** A grant that has ended. */
  private record Ended(long hi, long lo, long tag) {}

  /**
   * A grant, whatever its end, with what it covers or covered: the door of a later policy may cover
   * another prefix.
   *
   * @param length of that prefix, on the 128-bit scale
   */
  private record Held(long hi, long lo, long tag, int length) {}

  private final KnockState state;
  private final FaultLog faults;
  private final Kernel kernel;

  /** What the kernel did not cut, and how often it was asked to. */
  private final Map<Held, Integer> left = new HashMap<>();

  /**
   * Ended since the last tick. Only the control socket and close messages add to it, sweeps, and
   * newcomers to a full table that throw out a grant before the sweep comes to it.
   */
  private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();

  private volatile boolean isNeeded = true;

  Cutter(KnockState state, FaultLog faults) {
    this(state, faults, Cutter::cutByConntrack);
  }

  Cutter(KnockState state, FaultLog faults, Kernel kernel) {
    this.state = state;
    this.faults = faults;
    this.kernel = kernel;
    state.grants().watch(this::changed);
  }

  private static void cutByConntrack(Predicate<TrackedConnection> which) throws NativeException {
    try (Conntrack conntrack = Conntrack.open()) {
      conntrack.cut(which);
    }
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

  /**
   * On the thread that changed a grant; what is neither taken back nor thrown out is none of ours.
   */
  private void changed(long hi, long lo, long tag, long deadlineMs, int connections) {
    if (deadlineMs == 0 && isNeeded) {
      ended.add(new Ended(hi, lo, tag));
    }
  }

  /** Takes note of a grant whose time is up. */
  void ended(Grant grant) {
    if (isNeeded) {
      ended.add(new Ended(grant.hi(), grant.lo(), grant.tag()));
    }
  }

  /** Cuts what is due. */
  void tick(Policy policy, long nowMs) {
    isNeeded = isNeeded(policy);
    left.keySet().removeIf(held -> cuttingDoor(policy, held.tag) == null);
    Set<Held> due = new HashSet<>(left.keySet());
    for (Ended one = ended.poll(); one != null; one = ended.poll()) {
      Door door = cuttingDoor(policy, one.tag);
      if (door != null) {
        due.add(held(door, one.hi, one.lo, one.tag));
      }
    }
    if (policy.observe()) {
      left.clear();
    } else if (!due.isEmpty()) {
      cut(policy, due, live(policy, nowMs));
    }
  }

  /** The door of a grant, if it wants connections to be cut. */
  private @Nullable Door cuttingDoor(Policy policy, long tag) {
    Door door = door(policy, tag);
    return door != null && door.killEstablished() ? door : null;
  }

  /** The door of a grant; null = the policy has none of its name. */
  private @Nullable Door door(Policy policy, long tag) {
    String name = state.doorName(tag);
    for (Door door : policy.doors()) {
      if (door.name().equals(name)) {
        return door;
      }
    }
    return null;
  }

  private static Held held(Door door, long hi, long lo, long tag) {
    return new Held(hi, lo, tag, GrantDesk.covered(door, new Prefix(hi, lo, 128)).length());
  }

  private Set<Held> live(Policy policy, long nowMs) {
    Set<Held> live = new HashSet<>();
    state
        .grants()
        .each(
            nowMs,
            grant -> {
              Door door = door(policy, grant.tag());
              if (door != null) {
                live.add(held(door, grant.hi(), grant.lo(), grant.tag()));
              }
            });
    return live;
  }

  private void cut(Policy policy, Set<Held> due, Set<Held> now) {
    Set<Integer> dueLengths = lengths(due);
    Set<Integer> nowLengths = lengths(now);
    try {
      kernel.cut(
          connection ->
              isCovered(policy, connection, due, dueLengths)
                  && !isCovered(policy, connection, now, nowLengths)
                  && !isRescue(policy, connection));
      left.clear();
    } catch (NativeException e) {
      faults.record("cut connections", e);
      keep(due, e);
    }
  }

  /** For the next turn. Whatever is given up lives on, so that is told, and only that. */
  private void keep(Set<Held> due, NativeException why) {
    boolean givenUp = false;
    for (Held held : due) {
      int tries = left.getOrDefault(held, 0) + 1;
      if (tries < MOST_TRIES && (tries > 1 || left.size() < MOST_LEFT)) {
        left.put(held, tries);
      } else {
        left.remove(held);
        givenUp = true;
      }
    }
    if (givenUp) {
      faults.record("cut connections, given up", why);
    }
  }

  private static boolean isRescue(Policy policy, TrackedConnection connection) {
    return policy.rescue().stream()
        .anyMatch(prefix -> prefix.contains(connection.peerHi(), connection.peerLo()));
  }

  private static Set<Integer> lengths(Set<Held> grants) {
    return grants.stream().map(Held::length).collect(Collectors.toSet());
  }

  /**
   * Whether one of these grants lets in to where a connection leads.
   *
   * @param lengths all that there are among the grants
   */
  private boolean isCovered(
      Policy policy, TrackedConnection connection, Set<Held> grants, Set<Integer> lengths) {
    Protocol protocol =
        switch (connection.ipProtocol()) {
          case TCP -> Protocol.TCP;
          case UDP -> Protocol.UDP;
          default -> null;
        };
    if (protocol == null) {
      return false;
    }
    for (Door door : policy.doors()) {
      if (door.protects(protocol, connection.port())) {
        long whole = state.grantTag(door.name());
        long port = GrantTag.of(GrantTag.doorId(whole), protocol, connection.port());
        for (int length : lengths) {
          if (isCovered(connection, whole, length, grants)
              || isCovered(connection, port, length, grants)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean isCovered(
      TrackedConnection connection, long tag, int length, Set<Held> grants) {
    boolean isV4 = Prefix.isV4(connection.peerHi(), connection.peerLo());
    if (isV4 && length < 96) {
      return false; // a prefix of IPv6 addresses that would hold all of IPv4
    }
    Prefix covered = new Prefix(connection.peerHi(), connection.peerLo(), length);
    return grants.contains(new Held(covered.hi(), covered.lo(), tag, length));
  }
}
