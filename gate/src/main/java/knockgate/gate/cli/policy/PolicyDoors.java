package knockgate.gate.cli.policy;

import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;

/** Finds doors for commands that are given a name. */
public final class PolicyDoors {
  private PolicyDoors() {}

  /**
   * The door of a name.
   *
   * @throws Failure with the names that there are
   */
  public static Door named(Policy policy, String name) {
    return policy.doors().stream()
        .filter(door -> door.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new Failure(
                    ExitCode.NOT_SO,
                    "the policy has no door \""
                        + name
                        + "\"; it has "
                        + policy.doors().stream().map(Door::name).toList()));
  }
}
