package knockgate.gate.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import knockgate.rules.policy.Limits;
import knockgate.rules.policy.Policy;

/**
 * The kernel sets behind {@code queue.filter = kernel-set}, two for each family, as the input of
 * {@code ipset restore}:
 *
 * <ul>
 *   <li>{@code knockgate4}, {@code knockgate6}: peers in the middle of a strict sequence, each for
 *       as long as its attempt may last. The daemon puts them in. A set knows a peer by the prefix
 *       that shares a budget of first knocks ({@code limits.prefix-v6}), so that nobody can fill it
 *       from one network; more than a peer's own packets may come to the queue, never less.
 *   <li>{@code knockgate4-all}, {@code knockgate6-all}: empty, or everyone, for a while: after the
 *       sets were made anew, and when the daemon found no room in the first.
 * </ul>
 *
 * Rules that ask a set cannot be loaded before it is there, and it cannot be taken away before they
 * are gone.
 */
public final class KernelSets {
  /** Elements that one slot of the hash holds without growing (AHASH_INIT_SIZE is 4). */
  private static final int PER_BUCKET = 4;

  private static final int LARGEST_HASH = 1 << 16;
  private static final int SMALLEST_HASH = 64;

  /** What the daemon adds to an attempt's longest pause, at most. */
  private static final int MARGIN_SECONDS = 2;

  private final Limits limits;
  private final long pauseSeconds;

  /** The sets of a policy. */
  public KernelSets(Policy policy) {
    this.limits = policy.limits();
    this.pauseSeconds = policy.strictPauseSeconds();
  }

  /** The set of peers in the middle of a sequence. */
  public static String peers(Family family) {
    return "knockgate" + (family == Family.V4 ? "4" : "6");
  }

  /** The set that is everyone for a while. */
  public static String everyone(Family family) {
    return peers(family) + "-all";
  }

  /** Every set of a family that there may be, also one left behind by a change that failed. */
  static List<String> names(Family family) {
    return List.of(peers(family), everyone(family), next(family));
  }

  private static String next(Family family) {
    return peers(family) + "-next";
  }

  /** What {@code ipset restore -exist} reads to make the sets where there are none. */
  public String text(Family family) {
    return text(family, Set.of());
  }

  /**
   * The same, in place of what is there. Everyone is let into the queue first: attempts that are
   * under way, of which the new set knows nothing, stay seen.
   *
   * @param installed the sets that there are, of whomever
   */
  String text(Family family, Set<String> installed) {
    List<String> lines = new ArrayList<>();
    String everyone = everyone(family);
    long lasting = pauseSeconds + MARGIN_SECONDS;
    lines.add(
        "create "
            + everyone
            + " hash:net family "
            + family.ofSets()
            + " timeout 60 hashsize 64 maxelem 16");
    for (String half : halves(family)) {
      lines.add("add " + everyone + " " + half + " timeout " + lasting);
    }
    if (installed.contains(peers(family))) {
      if (installed.contains(next(family))) {
        lines.add("destroy " + next(family));
      }
      lines.add(create(next(family), family));
      lines.add("swap " + next(family) + " " + peers(family));
      lines.add("destroy " + next(family));
    } else {
      lines.add(create(peers(family), family));
    }
    return String.join("\n", lines) + "\n";
  }

  private static List<String> halves(Family family) {
    return family == Family.V4 ? List.of("0.0.0.0/1", "128.0.0.0/1") : List.of("::/1", "8000::/1");
  }

  private String create(String name, Family family) {
    int prefix = family == Family.V4 ? limits.prefixV4() : limits.prefixV6();
    return "create "
        + name
        + " hash:ip family "
        + family.ofSets()
        + (prefix == family.bits() ? "" : " netmask " + prefix)
        + " hashsize "
        + hashSize(limits.attempts())
        + " maxelem "
        + limits.attempts()
        + " timeout "
        + (pauseSeconds + 1);
  }

  /** Large enough that it need not grow: the kernel would do that in the lane's own call. */
  private static int hashSize(int most) {
    int needed = Integer.highestOneBit(Math.max(1, most / PER_BUCKET));
    return Math.min(LARGEST_HASH, Math.max(SMALLEST_HASH, needed));
  }
}
