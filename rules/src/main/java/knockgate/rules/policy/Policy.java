package knockgate.rules.policy;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * The whole rule set, as one HOCON file (and its includes) states it.
 *
 * @param queue the kernel queues
 * @param observe whether to decide and log, but accept every packet
 * @param unmatched verdict for packets that no door protects
 * @param unparsable verdict for packets whose headers cannot be read
 * @param mark mark of admitted packets; null = none is set
 * @param rescue sources that are always admitted
 * @param limits bounds of memory and work
 * @param doors in file order; none of them shares its name
 * @param outlets where the gate talks to people and programs
 * @param state where it keeps what must outlive it
 */
public record Policy(
    QueueSpec queue,
    boolean observe,
    Verdict unmatched,
    Verdict unparsable,
    @Nullable Mark mark,
    List<Prefix> rescue,
    Limits limits,
    List<Door> doors,
    Outlets outlets,
    StateSpec state) {
  public Policy {
    rescue = List.copyOf(rescue);
    doors = List.copyOf(doors);
  }

  /** A policy with the usual outlets, and its state where it is usual. */
  public Policy(
      QueueSpec queue,
      boolean observe,
      Verdict unmatched,
      Verdict unparsable,
      @Nullable Mark mark,
      List<Prefix> rescue,
      Limits limits,
      List<Door> doors) {
    this(
        queue,
        observe,
        unmatched,
        unparsable,
        mark,
        rescue,
        limits,
        doors,
        Outlets.DEFAULT,
        StateSpec.DEFAULT);
  }

  /** The same policy, but only observing or not. */
  public Policy withObserve(boolean only) {
    return new Policy(
        queue, only, unmatched, unparsable, mark, rescue, limits, doors, outlets, state);
  }

  /**
   * How long after a knock the gate must see whatever a peer sends: the longest {@link
   * Trigger#strictPause} of its doors. Zero where no door is strict.
   */
  public Duration strictPause() {
    return doors.stream()
        .map(door -> door.trigger().strictPause())
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** The same in seconds, rounded up: kernel sets count so. */
  public int strictPauseSeconds() {
    return (int) strictPause().plusMillis(999).toSeconds();
  }

  /** Whether a kernel set stands before the queue: it is wished for, and it would spare work. */
  public boolean usesKernelSet() {
    return queue.kernelSet() && !strictPause().isZero();
  }

  /** The same policy with other outlets. */
  public Policy withOutlets(Outlets others) {
    return new Policy(
        queue, observe, unmatched, unparsable, mark, rescue, limits, doors, others, state);
  }

  /** The same policy with its state elsewhere. */
  public Policy withState(StateSpec other) {
    return new Policy(
        queue, observe, unmatched, unparsable, mark, rescue, limits, doors, outlets, other);
  }
}
