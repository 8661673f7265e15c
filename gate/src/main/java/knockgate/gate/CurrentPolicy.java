package knockgate.gate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.policy.PolicyLoader;
import knockgate.gate.process.Backstage;
import knockgate.rules.KnockState;
import knockgate.rules.PolicyPlan;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Limits;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.QueueSpec;
import org.jspecify.annotations.Nullable;

/**
 * The policy in use, and how another one takes its place: as one reference that every lane picks up
 * with its next batch. Attempts and grants stay, those of doors that are gone included, until their
 * time is up; not where grants cover other prefixes now, see {@link OutgrownGrants}. Any thread may
 * call; changes come one after the other.
 */
public final class CurrentPolicy {
  /** What is said to who confirms a gate that need not be confirmed. */
  public static final String WAITS_FOR_NOTHING = "the gate waits for no confirmation";

  private final Path file;
  private final KnockState state;
  private final List<Consumer<PolicyPlan>> users = new ArrayList<>();

  /** What the gate was started with; parts of a policy cannot change while it runs. */
  private final Policy started;

  /** Where a start that somebody must confirm stands. */
  public enum Trial {
    /** Nobody need confirm anything, or somebody has. */
    NONE,

    /** It enforces, and waits. */
    WAITING,

    /** Nobody confirmed in time: it only observes, whatever the file says. */
    MISSED
  }

  /** Each door as it was when it was last there. */
  private final Map<String, Door> known = new ConcurrentHashMap<>();

  private volatile PolicyPlan plan;
  private volatile Trial trial = Trial.NONE;
  private final List<Consumer<Policy>> firstUsers = new ArrayList<>();
  private Runnable before = () -> {};
  private Runnable after = () -> {};

  /**
   * Begins with a policy.
   *
   * @param file where it was read from and will be read again
   */
  CurrentPolicy(Path file, Policy policy, KnockState state) {
    this.file = file;
    this.state = state;
    started = policy;
    plan = new PolicyPlan(policy, state);
    learn(policy);
  }

  /** Tells somebody of every plan from now on. Before anything changes. */
  synchronized void tell(Consumer<PolicyPlan> user) {
    users.add(user);
  }

  /**
   * Tells somebody of every policy while the former one still counts, and goes on counting where
   * this one cannot be used: whoever may throw a {@link Failure} is told before the others. Before
   * anything changes.
   */
  synchronized void tellFirst(Consumer<Policy> user) {
    firstUsers.add(user);
  }

  /** Something to be done before and after each reload, whether it succeeds or not. */
  synchronized void around(Runnable first, Runnable last) {
    before = first;
    after = last;
  }

  /** The policy worked out. */
  public PolicyPlan plan() {
    return plan;
  }

  /** The policy. */
  public Policy policy() {
    return plan.policy();
  }

  private void learn(Policy policy) {
    policy.doors().forEach(door -> known.put(door.name(), door));
  }

  /** A door as it is, or was when a policy last had it; null = none did. */
  @Nullable Door lastKnown(String name) {
    return known.get(name);
  }

  /** Where it comes from. */
  public Path file() {
    return file;
  }

  /**
   * Reads the file again and uses it from now on. Lanes come first, where processors are few.
   *
   * @return the keys that have changed but count only from the next start on
   * @throws Failure with every mistake; nothing has changed then
   */
  public List<String> reload() {
    return Backstage.work("reload", this::reloadHere);
  }

  private synchronized List<String> reloadHere() {
    before.run();
    try {
      Policy next = PolicyLoader.load(file);
      // the end of a lost session is a SIGHUP, which must not shut anybody out again
      use(trial == Trial.MISSED ? next.withObserve(true) : next);
      return waiting(next);
    } finally {
      after.run();
    }
  }

  /**
   * Only observes from now on, or no longer, until the next reload says otherwise. Where nobody
   * confirmed in time, a reload enforces again only behind an "off".
   */
  public synchronized void observe(boolean only) {
    if (trial == Trial.MISSED && !only) {
      trial = Trial.NONE;
    }
    use(policy().withObserve(only));
  }

  /** From now on somebody has to {@link #confirm}. */
  synchronized void awaitConfirmation() {
    trial = Trial.WAITING;
  }

  /** Where that stands. */
  public Trial trial() {
    return trial;
  }

  /**
   * The gate may go on enforcing.
   *
   * @throws Failure if it does not wait for that, or not any more
   */
  public synchronized void confirm() {
    switch (trial) {
      case WAITING -> trial = Trial.NONE;
      case MISSED ->
          throw new Failure(
              ExitCode.NOT_SO,
              "the time to confirm is over, and the gate only observes: knockgate observe off"
                  + " makes it enforce");
      case NONE -> throw new Failure(ExitCode.NOT_SO, WAITS_FOR_NOTHING);
    }
  }

  /**
   * The time to confirm is over: only observes from now on, until somebody says otherwise.
   *
   * @return false if somebody had confirmed
   */
  synchronized boolean giveUpWaiting() {
    if (trial != Trial.WAITING) {
      return false;
    }
    trial = Trial.MISSED; // first: whatever goes wrong below, the next reload only observes
    use(policy().withObserve(true));
    return true;
  }

  private void use(Policy next) {
    PolicyPlan worked = new PolicyPlan(next, state);
    firstUsers.forEach(user -> user.accept(next));
    plan = worked;
    learn(next);
    tellAll(worked);
  }

  /** Whatever one of them throws, the others are told, the lanes most of all. */
  private void tellAll(PolicyPlan worked) {
    List<Throwable> thrown = new ArrayList<>();
    for (Consumer<PolicyPlan> user : users) {
      try {
        user.accept(worked);
      } catch (RuntimeException | Error e) {
        thrown.add(e);
      }
    }
    if (!thrown.isEmpty()) {
      throw new IllegalStateException(
          "the policy is in use, but not everywhere: " + thrown.get(0), thrown.get(0));
    }
  }

  private List<String> waiting(Policy next) {
    List<String> keys = new ArrayList<>();
    QueueSpec was = started.queue();
    QueueSpec is = next.queue();
    note(keys, "queue.number", was.number(), is.number());
    note(keys, "queue.count", was.count(), is.count());
    note(keys, "queue.length", was.length(), is.length());
    note(keys, "queue.when-full", was.failOpen(), is.failOpen());
    note(keys, "queue.threads", was.threads(), is.threads());
    Limits had = started.limits();
    note(keys, "limits.attempts", had.attempts(), next.limits().attempts());
    note(keys, "limits.grants", had.grants(), next.limits().grants());
    note(keys, "control", started.outlets().control(), next.outlets().control());
    note(keys, "events", started.outlets().events(), next.outlets().events());
    note(
        keys,
        "metrics",
        String.valueOf(started.outlets().metrics()),
        String.valueOf(next.outlets().metrics()));
    note(keys, "state.file", started.state().file(), next.state().file());
    return keys;
  }

  private static void note(List<String> keys, String key, Object was, Object is) {
    if (!was.equals(is)) {
      keys.add(key);
    }
  }
}
