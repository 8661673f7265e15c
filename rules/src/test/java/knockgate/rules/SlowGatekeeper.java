package knockgate.rules;

import static java.util.Comparator.comparing;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import knockgate.rules.SlowDoor.Messages;
import knockgate.rules.SlowDoor.Step;
import org.jspecify.annotations.Nullable;

/**
 * What the manual pages say that a packet gets, as slow and as obvious as it can be: a list of
 * doors, a map of attempts and a map of grants. A sentence that this and the gate understand
 * otherwise shows as a difference: sequences and grants were written before the gate was read;
 * budget, rotating doors, messages and reloads behind it. Where the pages were silent it follows
 * the gate: a grant without a connection left is none, a packet that begins at several doors takes
 * one first knock off the budget, what opens a rotating door by one sequence begins none of the
 * others, and no door admits a message.
 */
final class SlowGatekeeper {
  private static final int SECOND_MS = 1000;

  /**
   * A packet.
   *
   * @param id source port, or identifier of an echo request
   */
  record Arrival(
      long atMs, String source, Step to, String flags, int id, int sequence, String payload) {

    boolean isSameStepAgain(Arrival earlier) {
      return to.equals(earlier.to)
          && id == earlier.id
          && (isUdp() ? payload.equals(earlier.payload) : sequence == earlier.sequence);
    }

    boolean isSameConnection(Arrival earlier) {
      return source.equals(earlier.source)
          && to.equals(earlier.to)
          && id == earlier.id
          && (isUdp() || sequence == earlier.sequence);
    }

    private boolean isUdp() {
      return to.protocol().equals("udp");
    }

    /** The prefix that its source is in. */
    String prefix(int lengthV4, int lengthV6) {
      byte[] bytes = address();
      int length = bytes.length == 4 ? lengthV4 : lengthV6;
      BigInteger kept = new BigInteger(1, bytes).shiftRight(bytes.length * Byte.SIZE - length);
      return bytes.length + " " + kept;
    }

    byte[] address() {
      try {
        return InetAddress.getByName(source).getAddress();
      } catch (UnknownHostException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** What a policy says besides its doors. */
  record Terms(
      boolean unmatchedAccepted, Set<String> rescue, @Nullable Integer firstKnocks, long startMs) {}

  private record Attempt(int passed, long firstMs, Arrival latest) {}

  private static final class Grant {
    final long endMs;
    @Nullable Integer left;
    @Nullable Arrival latest;

    Grant(SlowDoor door, long nowMs) {
      endMs = door.autoclose() == null ? Long.MAX_VALUE : nowMs + door.autoclose();
      left = door.connections();
    }
  }

  private final Terms terms;
  private List<SlowDoor> doors = List.of();
  private final Map<String, Attempt> attempts = new HashMap<>();
  private final Map<String, Grant> grants = new HashMap<>();
  private final Set<String> used = new HashSet<>();

  /** By prefix: knocks in thousandths that may be begun, and when that was so. */
  private final Map<String, long[]> budgets = new HashMap<>();

  /** Whether the packet that is being decided may begin; null = nobody asked yet. */
  private @Nullable Boolean mayBegin;

  SlowGatekeeper(Terms terms) {
    this.terms = terms;
  }

  /** From now on other doors; attempts and grants stay. */
  void use(List<SlowDoor> next) {
    doors = next;
  }

  /** {@code ACCEPT marked}, {@code ACCEPT} or {@code DROP}. */
  String decide(Arrival arrival) {
    mayBegin = null;
    if (terms.rescue.contains(arrival.source)) {
      return "ACCEPT marked";
    }
    boolean isMessage = hearMessage(arrival);
    for (SlowDoor door : doors) {
      Grant grant = grant(door, arrival);
      if (!isMessage && grant != null && door.isProtected(arrival.to) && admits(grant, arrival)) {
        return "ACCEPT marked";
      }
      if (door.isKnock(arrival.to, arrival.flags)) {
        judge(door, arrival);
      }
    }
    boolean isSilent =
        doors.stream()
            .anyMatch(
                door -> door.isProtected(arrival.to) || door.isStep(arrival.to, arrival.flags));
    return terms.unmatchedAccepted && !isSilent && !isMessage ? "ACCEPT" : "DROP";
  }

  /** Whether it looks like a message and goes where one goes; it may also have been one. */
  private boolean hearMessage(Arrival arrival) {
    boolean isMessage = false;
    Boolean isGiven = null;
    for (SlowDoor door : doors) {
      Messages messages = door.messages();
      if (messages == null || !arrival.isUdp() || !messages.isForm(arrival.payload)) {
        continue;
      }
      boolean isThere = arrival.to.number() == messages.port();
      if (isThere || (messages.closesAlways() && arrival.to.number() > 0)) {
        isMessage |= isThere;
        isGiven = isGiven == null ? isWithinBudget(arrival) : isGiven;
        if (isGiven) {
          obey(door, messages, arrival, isThere);
        }
      }
    }
    return isMessage;
  }

  private void obey(SlowDoor door, Messages messages, Arrival arrival, boolean isThere) {
    Grant grant = grant(door, arrival);
    boolean isOpen = grant != null && !isSpent(grant);
    long minute = (terms.startMs + arrival.atMs) / 60_000;
    String once = door.name() + arrival.source + " ";
    Long made = minuteOf(isOpen ? "close" : "open", door, messages, arrival);
    if (made == null) {
      return;
    }
    if (isOpen && (messages.closesAlways() || used.add(once + "closed by " + made))) {
      grants.remove(grantKey(door, arrival));
    } else if (!isOpen
        && isThere
        && used.add(once + "opened by " + made)
        && used.add(once + "opened in " + minute)) {
      grants.put(grantKey(door, arrival), new Grant(door, arrival.atMs));
    }
  }

  /** For which minute a message was made; null = it is not that message. */
  private @Nullable Long minuteOf(String what, SlowDoor door, Messages messages, Arrival arrival) {
    byte[] address = arrival.address();
    long present = (terms.startMs + arrival.atMs) / 60_000;
    for (long off = -messages.tolerance(); off <= messages.tolerance(); off++) {
      boolean isMade = arrival.payload.startsWith(door.digits(what, address, present + off));
      if (isMade && (messages.pknock6() || address.length == 4)) {
        return present + off;
      }
    }
    return null;
  }

  private @Nullable Grant grant(SlowDoor door, Arrival arrival) {
    Grant grant = grants.get(grantKey(door, arrival));
    return grant != null && arrival.atMs < grant.endMs ? grant : null;
  }

  private static String grantKey(SlowDoor door, Arrival arrival) {
    return door.name() + " " + arrival.prefix(door.coversV4(), door.coversV6());
  }

  private static boolean admits(Grant grant, Arrival arrival) {
    Integer left = grant.left;
    if (left == null || (grant.latest != null && arrival.isSameConnection(grant.latest))) {
      return true;
    }
    if (left == 0) {
      return false;
    }
    grant.left = left - 1;
    grant.latest = arrival;
    return true;
  }

  private static boolean isSpent(Grant grant) {
    return grant.left != null && grant.left == 0;
  }

  /** What opens a rotating door by one of its sequences begins none of the others. */
  private void judge(SlowDoor door, Arrival arrival) {
    List<Long> timeSteps = new ArrayList<>(door.timeSteps(terms.startMs + arrival.atMs));
    timeSteps.sort(comparing(step -> !attempts.containsKey(attemptKey(door, step, arrival))));
    for (long timeStep : timeSteps) {
      Grant grant = grant(door, arrival);
      if (grant == null || isSpent(grant)) {
        judge(door, timeStep, arrival);
      }
    }
  }

  private static String attemptKey(SlowDoor door, long timeStep, Arrival arrival) {
    String trigger = door.name() + door.knock() + door.rotating() + door.terms();
    return trigger + timeStep + arrival.source;
  }

  private void judge(SlowDoor door, long timeStep, Arrival arrival) {
    List<Step> sequence = door.sequence(timeStep);
    String key = attemptKey(door, timeStep, arrival);
    Attempt attempt = attempts.get(key);
    boolean isFirstStep = sequence.get(0).equals(arrival.to);
    if (attempt == null || isPastItsTime(door, attempt, arrival.atMs)) {
      attempts.remove(key);
      if (isFirstStep) {
        begin(door, timeStep, key, arrival);
      }
    } else if (door.terms().ignoresRepeats() && arrival.isSameStepAgain(attempt.latest)) {
      return;
    } else if (sequence.get(attempt.passed).equals(arrival.to)) {
      attempts.put(key, new Attempt(attempt.passed + 1, attempt.firstMs, arrival));
      openIfComplete(door, timeStep, key, arrival);
    } else if (door.terms().strict()) {
      attempts.remove(key);
      if (isFirstStep && door.terms().restart()) {
        begin(door, timeStep, key, arrival);
      }
    }
  }

  private static boolean isPastItsTime(SlowDoor door, Attempt attempt, long nowMs) {
    Long time = door.terms().time();
    Long window = door.window();
    return (time != null && nowMs - attempt.latest.atMs > time)
        || (window != null && nowMs - attempt.firstMs > window);
  }

  private void begin(SlowDoor door, long timeStep, String key, Arrival arrival) {
    if (mayBegin == null) {
      mayBegin = isWithinBudget(arrival);
    }
    if (mayBegin) {
      attempts.put(key, new Attempt(1, arrival.atMs, arrival));
      openIfComplete(door, timeStep, key, arrival);
    }
  }

  /** A second's worth may come at once; a whole knock has 1000 thousandths. */
  private boolean isWithinBudget(Arrival arrival) {
    Integer perSecond = terms.firstKnocks;
    if (perSecond == null) {
      return true;
    }
    long most = perSecond * (long) SECOND_MS;
    long[] budget =
        budgets.computeIfAbsent(arrival.prefix(32, 64), p -> new long[] {most, arrival.atMs});
    budget[0] = Math.min(most, budget[0] + (arrival.atMs - budget[1]) * perSecond);
    budget[1] = arrival.atMs;
    if (budget[0] < SECOND_MS) {
      return false;
    }
    budget[0] -= SECOND_MS;
    return true;
  }

  private void openIfComplete(SlowDoor door, long timeStep, String key, Arrival arrival) {
    Attempt attempt = attempts.get(key);
    if (attempt != null && attempt.passed == door.sequence(timeStep).size()) {
      attempts.remove(key);
      boolean isFresh =
          door.rotating() == null || used.add(door.name() + timeStep + " " + arrival.source);
      if (isFresh) {
        grants.put(grantKey(door, arrival), new Grant(door, arrival.atMs));
      }
    }
  }
}
