package knockgate.gate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.rules.Grant;
import knockgate.rules.GrantTable;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Door;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Reason;

/**
 * Grants by hand: given, extended and taken back, and each told as an event. Any thread. What
 * cannot be done ends with a {@link Failure} whose sentence says why.
 */
public final class GrantDesk {
  /** For a grant that lasts as long as one that was knocked for. */
  public static final long AS_THE_DOOR_SAYS = 0;

  /** For a grant that ends only by hand. */
  public static final long FOR_EVER = -1;

  private final CurrentPolicy policy;
  private final KnockState state;
  private final Clocks clocks;
  private final AuditRing audit;
  private final BooleanSupplier settle;

  /**
   * A desk.
   *
   * @param settle run when a grant was taken back, before that is confirmed; false = the disk does
   *     not know
   */
  GrantDesk(
      CurrentPolicy policy,
      KnockState state,
      Clocks clocks,
      AuditRing audit,
      BooleanSupplier settle) {
    this.policy = policy;
    this.state = state;
    this.clocks = clocks;
    this.audit = audit;
    this.settle = settle;
  }

  /**
   * A door of the policy.
   *
   * @throws Failure when there is none of that name
   */
  public Door door(String name) {
    List<Door> doors = policy.policy().doors();
    return find(name)
        .orElseThrow(
            () ->
                new Failure(
                    ExitCode.NOT_SO,
                    "there is no door \""
                        + name
                        + "\"; the doors are "
                        + doors.stream().map(Door::name).collect(Collectors.joining(", "))));
  }

  private Optional<Door> find(String name) {
    return policy.policy().doors().stream().filter(door -> door.name().equals(name)).findFirst();
  }

  /**
   * A name that grants may have: of a door of the policy, or of one that is gone and left some.
   *
   * @throws Failure when there is none of that name
   */
  public String grantName(String name) {
    boolean left = kept(clocks.nowMs()).stream().anyMatch(grant -> isOf(grant, name));
    return left ? name : door(name).name();
  }

  /** What a grant covers; one of a door that is gone, what it did and will if that comes back. */
  public Prefix covered(Grant grant) {
    Door door = policy.lastKnown(state.doorName(grant.tag()));
    return door == null ? of(grant) : covered(door, of(grant));
  }

  /** What a grant of a door covers for a peer: the peer itself, or a prefix that holds it. */
  public static Prefix covered(Door door, Prefix peer) {
    int length = Prefix.isV4(peer.hi(), peer.lo()) ? 96 + door.coversV4() : door.coversV6();
    return new Prefix(peer.hi(), peer.lo(), length);
  }

  /**
   * Opens a door.
   *
   * @param lastsMs how long, or {@link #AS_THE_DOOR_SAYS}, or {@link #FOR_EVER}
   * @param by the user who does it
   * @return what the peer has now, which may be an older grant with a later end
   */
  public Grant give(String doorName, Prefix peer, long lastsMs, String by) {
    Door door = door(doorName);
    Prefix covered = covered(door, peer);
    if (peer.length() < covered.length()) {
      throw new Failure(
          ExitCode.NOT_SO,
          "a grant of " + doorName + " covers " + covered + " and no more; " + peer + " is wider");
    }
    long nowMs = clocks.nowMs();
    long leftMs = leftMs(door, lastsMs);
    long deadlineMs = leftMs == FOR_EVER ? GrantTable.NEVER : nowMs + leftMs;
    int connections = door.connections() == 0 ? GrantTable.UNLIMITED : door.connections();
    long tag = state.grantTag(doorName);
    GrantTable grants = state.grants();
    if (!grants.add(covered.hi(), covered.lo(), tag, nowMs, deadlineMs, connections)) {
      throw new Failure(ExitCode.NOT_SO, Reason.GRANTS_FULL.sentence());
    }
    tell(Reason.GIVEN, doorName, covered, leftMs, by);
    return live(doorName, peer, nowMs).stream()
        .filter(grant -> grant.tag() == tag)
        .findFirst()
        .orElse(new Grant(covered.hi(), covered.lo(), tag, deadlineMs, connections));
  }

  private static long leftMs(Door door, long lastsMs) {
    if (lastsMs != AS_THE_DOOR_SAYS) {
      return lastsMs;
    }
    Duration autoclose = door.autoclose();
    return autoclose == null ? FOR_EVER : autoclose.toMillis();
  }

  /**
   * Moves the end of a peer's grants for a door to a later time.
   *
   * @param lastsMs how long from now on, or {@link #AS_THE_DOOR_SAYS}, or {@link #FOR_EVER}
   * @param by the user who does it
   * @return the grants, with their new end
   */
  public List<Grant> extend(String doorName, Prefix peer, long lastsMs, String by) {
    Door door = door(doorName);
    long nowMs = clocks.nowMs();
    long leftMs = leftMs(door, lastsMs);
    long deadlineMs = leftMs == FOR_EVER ? GrantTable.NEVER : nowMs + leftMs;
    for (Grant grant : held(doorName, peer, live(doorName, peer, nowMs))) {
      if (grant.deadlineMs() > deadlineMs) {
        throw new Failure(
            ExitCode.NOT_SO,
            "that would shorten the grant of "
                + Prefix.address(grant.hi(), grant.lo())
                + "; revoke it, then grant it anew");
      }
      if (state.grants().extend(grant.hi(), grant.lo(), grant.tag(), nowMs, deadlineMs)) {
        tell(Reason.EXTENDED, doorName, covered(grant), leftMs, by);
      }
    }
    return live(doorName, peer, nowMs);
  }

  /**
   * Takes back all grants that a peer holds for a door, also for one that the policy had; those
   * without a connection left included: what they let in may still stand. When it returns that is
   * final: on the disk, where there is a state file, and their connections are cut, where the door
   * wants that.
   *
   * @param by the user who does it
   * @return what was taken back
   * @throws Failure if there was nothing; or if it was taken back, but that could not be saved
   */
  public List<Grant> revoke(String doorName, Prefix peer, String by) {
    grantName(doorName);
    long nowMs = clocks.nowMs();
    List<Grant> held = held(doorName, peer, of(doorName, peer, kept(nowMs)));
    for (Grant grant : held) {
      if (state.grants().revoke(grant.hi(), grant.lo(), grant.tag(), nowMs)) {
        tell(Reason.REVOKED, doorName, covered(grant), -1, by);
      }
    }
    if (!settle.getAsBoolean()) {
      throw new Failure(
          ExitCode.CANNOT,
          "the door "
              + doorName
              + " is shut for "
              + peer
              + " now, but that could not be saved: if the gate ends before it can, it may open"
              + " again; the log says why");
    }
    return held;
  }

  /** All whose time is not up, those without a connection left included. */
  private List<Grant> kept(long nowMs) {
    List<Grant> kept = new ArrayList<>();
    state.grants().each(nowMs, kept::add);
    return kept;
  }

  private static List<Grant> held(String door, Prefix peer, List<Grant> held) {
    if (held.isEmpty()) {
      throw new Failure(ExitCode.NOT_SO, peer + " holds no grant for " + door);
    }
    return held;
  }

  private List<Grant> live(String door, Prefix peer, long nowMs) {
    return of(door, peer, state.grants().list(nowMs));
  }

  /** The grants of one door that cover a peer, or that a prefix of peers holds. */
  private List<Grant> of(String door, Prefix peer, List<Grant> grants) {
    return grants.stream()
        .filter(grant -> isOf(grant, door))
        .filter(grant -> meets(covered(grant), peer))
        .toList();
  }

  private boolean isOf(Grant grant, String door) {
    return state.doorName(grant.tag()).equals(door);
  }

  private static boolean meets(Prefix one, Prefix other) {
    return one.contains(other.hi(), other.lo()) || other.contains(one.hi(), one.lo());
  }

  private static Prefix of(Grant grant) {
    return new Prefix(grant.hi(), grant.lo(), 128);
  }

  private void tell(Reason reason, String door, Prefix peer, long leftMs, String by) {
    audit.tellGrant(
        clocks.epochMs(), reason, door, peer.hi(), peer.lo(), peer.length(), leftMs, by);
  }
}
