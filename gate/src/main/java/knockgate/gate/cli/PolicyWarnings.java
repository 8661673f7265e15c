package knockgate.gate.cli;

import com.typesafe.config.ConfigUtil;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import knockgate.gate.gpg.UntimelyKeys;
import knockgate.gate.hooks.HookProgram;
import knockgate.gate.policy.ExposedSecrets;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.Rotating;
import knockgate.rules.policy.Sequence;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;
import knockgate.rules.words.Verdict;

/**
 * What a policy may say, and its author may not have meant. Nothing here is an error: a policy with
 * warnings runs.
 */
final class PolicyWarnings {
  private final List<Warning> warnings = new ArrayList<>();

  /**
   * One warning.
   *
   * @param path the key that it is about
   */
  record Warning(String path, String sentence) {
    @Override
    public String toString() {
      return path + ": " + sentence;
    }
  }

  private PolicyWarnings() {}

  /** Everything worth a second look in a policy and the file that it was read from. */
  static List<Warning> of(Path file, Policy policy) {
    PolicyWarnings all = new PolicyWarnings();
    ExposedSecrets.of(file, policy)
        .forEach(
            (path, secret) ->
                all.warn(path, "every user of this machine may read it: chmod 640 " + secret));
    UntimelyKeys.of(policy).forEach(all::warn);
    all.warnings.addAll(of(policy));
    return all.warnings;
  }

  /** Everything worth a second look in a policy. */
  static List<Warning> of(Policy policy) {
    PolicyWarnings all = new PolicyWarnings();
    all.lookAtGate(policy);
    all.lookAtRescue(policy);
    policy
        .outlets()
        .hooks()
        .forEach(
            (door, hooks) -> {
              all.lookAtHook(ConfigUtil.joinPath("doors", door, "on-open"), hooks.onOpen());
              all.lookAtHook(ConfigUtil.joinPath("doors", door, "on-close"), hooks.onClose());
            });
    List<Door> doors = policy.doors();
    DoorWarnings each = new DoorWarnings(policy.usesKernelSet(), all::warn);
    for (int i = 0; i < doors.size(); i++) {
      each.lookAt(doors.get(i));
      all.lookAtEarlier(doors.subList(0, i), doors.get(i));
    }
    return all.warnings;
  }

  private void warn(String path, String sentence) {
    warnings.add(new Warning(path, sentence));
  }

  private void lookAtGate(Policy policy) {
    if (policy.observe()) {
      warn("mode", "observe lets everyone in; write enforce once the events look right");
    }
    if (policy.doors().isEmpty()) {
      warn("doors", "there is no door, so nothing is protected");
    }
    if (policy.unparsable() == Verdict.ACCEPT) {
      warn("unparsable", "accept lets packets with broken headers past every door; write drop");
    }
    if (policy.mark() == null) {
      warn(
          "mark",
          "without one only the layout \"direct\" works, which drops all when the gate is down");
    }
    lookAtQueue(policy);
    if (policy.limits().firstKnocksPerSecond() == 0) {
      warn("limits.first-knocks", "unlimited lets one prefix fill the room for attempts");
    }
  }

  private void lookAtQueue(Policy policy) {
    if (policy.queue().failOpen()) {
      warn(
          "queue.when-full",
          "accept lets whoever fills the queue past every door in the layout \"direct\"");
    }
    if (policy.queue().kernelSet() && !policy.usesKernelSet()) {
      warn(
          "queue.filter",
          "kernel-set spares nothing here: no door is strict, so only knocks and protected ports"
              + " come to the queue anyway");
    }
    if (policy.queue().count() > 1 && policy.doors().stream().anyMatch(PolicyWarnings::mixes)) {
      warn(
          "queue.count",
          "the kernel gives each protocol of an IPv4 peer to a lane of its own, so what comes by"
              + " another protocol right behind a knock or message may be judged before it; take one"
              + " lane, or wait a moment at the client");
    }
  }

  /** Whether what opens a door and what it protects, or two of its knocks, differ in protocol. */
  private static boolean mixes(Door door) {
    Set<Protocol> protocols = EnumSet.noneOf(Protocol.class);
    door.protects().forEach(range -> protocols.add(range.protocol()));
    if (door.trigger() instanceof Sequence sequence) {
      sequence.steps().forEach(step -> protocols.add(step.protocol()));
    } else if (door.trigger() instanceof Rotating rotating) {
      rotating.at(0).steps().forEach(step -> protocols.add(step.protocol()));
    } else {
      protocols.add(Protocol.UDP);
    }
    return protocols.size() > 1;
  }

  private void lookAtRescue(Policy policy) {
    if (policy.rescue().isEmpty() && policy.unmatched() == Verdict.DROP) {
      warn(
          "rescue",
          "unmatched = drop and no rescue address: a mistake locks out everyone, you included");
    } else if (policy.rescue().isEmpty()) {
      warn("rescue", "nobody gets in should knocking fail; add the address you work from");
    }
    for (Prefix prefix : policy.rescue()) {
      boolean v4 = Prefix.isV4(prefix.hi(), prefix.lo());
      if (prefix.length() < (v4 ? 96 + 8 : 16)) {
        warn("rescue", prefix + " is a large part of the internet; no door is closed to it");
      }
    }
  }

  private void lookAtHook(String path, List<String> argv) {
    String fault = argv.isEmpty() ? null : HookProgram.fault(Path.of(argv.get(0)));
    if (fault != null) {
      warn(path, argv.get(0) + " " + fault);
    }
  }

  /** An open door swallows the knocks of later ones, where it protects their ports. */
  private void lookAtEarlier(List<Door> earlier, Door door) {
    if (!(door.trigger() instanceof Sequence sequence)) {
      return;
    }
    lookAtFirstStep(earlier, door, sequence.steps().get(0));
    for (Step step : sequence.steps()) {
      for (Door other : earlier) {
        if (other.protects(step.protocol(), step.number())) {
          warn(
              ConfigUtil.joinPath("doors", door.name(), "knock"),
              step
                  + " is protected by door "
                  + other.name()
                  + ": for whoever may pass that one it is no knock");
        }
      }
    }
  }

  private void lookAtFirstStep(List<Door> earlier, Door door, Step first) {
    long alike =
        earlier.stream()
            .filter(
                other ->
                    other.trigger() instanceof Sequence sequence
                        && sequence.steps().get(0).equals(first))
            .count();
    if (alike >= KnockState.SEQUENCES_AT_ONCE) {
      warn(
          ConfigUtil.joinPath("doors", door.name(), "knock"),
          alike
              + " doors before it begin with "
              + first
              + " too, and one address is in the middle of "
              + KnockState.SEQUENCES_AT_ONCE
              + " sequences at most; begin with another knock");
    }
  }
}
