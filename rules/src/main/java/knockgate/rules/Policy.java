package knockgate.rules;

import java.util.List;
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
    Outlets outlets) {
  public Policy {
    rescue = List.copyOf(rescue);
    doors = List.copyOf(doors);
  }

  /** A policy with the usual outlets. */
  public Policy(
      QueueSpec queue,
      boolean observe,
      Verdict unmatched,
      Verdict unparsable,
      @Nullable Mark mark,
      List<Prefix> rescue,
      Limits limits,
      List<Door> doors) {
    this(queue, observe, unmatched, unparsable, mark, rescue, limits, doors, Outlets.DEFAULT);
  }

  /** The same policy, but only observing or not. */
  public Policy withObserve(boolean only) {
    return new Policy(queue, only, unmatched, unparsable, mark, rescue, limits, doors, outlets);
  }
}
