package knockgate.rules;

import knockgate.rules.policy.Sequence;
import knockgate.rules.words.Step;

/**
 * One list of knocks that opens a door. A door with a sequence has one; a rotating door has one for
 * each time step. Immutable.
 */
final class Course {
  /** Index of the door in its policy. */
  final int index;

  final DoorPlan door;

  /** How its knocks are judged. */
  final KnockPlan knocks;

  /** Its tag in the attempt table. */
  final long tag;

  /** The time step of a rotating door's course; 0 for others. */
  final long timeStep;

  /** Where each knock goes, as {@link Packet#destination} has it. */
  private final int[] steps;

  Course(int index, DoorPlan door, KnockPlan knocks, long tag, long timeStep, Sequence sequence) {
    this.index = index;
    this.door = door;
    this.knocks = knocks;
    this.tag = tag;
    this.timeStep = timeStep;
    this.steps = sequence.steps().stream().mapToInt(Step::destination).toArray();
  }

  /** Whether the step behind {@code passed} others goes to that destination. */
  boolean isStep(int passed, int destination) {
    return steps[passed] == destination;
  }

  int length() {
    return steps.length;
  }

  boolean isLast(int passed) {
    return passed + 1 == steps.length;
  }
}
