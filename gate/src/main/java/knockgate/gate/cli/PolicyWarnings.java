package knockgate.gate.cli;

import com.typesafe.config.ConfigUtil;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import knockgate.gate.gpg.UntimelyKeys;
import knockgate.gate.hooks.HookProgram;
import knockgate.gate.policy.ExposedSecrets;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.Rotating;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.Spa;
import knockgate.rules.spa.CipherMode;
import knockgate.rules.spa.FwknopKeys;
import knockgate.rules.spa.FwknopSpa;
import knockgate.rules.spa.FwknopStanza;
import knockgate.rules.spa.HashKind;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;
import knockgate.rules.words.Verdict;

/**
 * What a policy may say, and its author may not have meant. Nothing here is an error: a policy with
 * warnings runs.
 */
final class PolicyWarnings {
  /** Ports that somebody uses or tries every day, whether or not anything listens here. */
  private static final Set<Integer> BUSY_PORTS =
      Set.of(
          21, 22, 23, 25, 53, 80, 110, 123, 135, 137, 139, 143, 161, 443, 445, 465, 587, 993, 995,
          1433, 1900, 3306, 3389, 5060, 5353, 5432, 5900, 6379, 8080, 8443);

  /** With more steps than this a scan in random order needs luck that nobody has. */
  private static final int LUCKY_STEPS = 8;

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
    for (int i = 0; i < doors.size(); i++) {
      all.lookAtDoor(doors.get(i), policy.usesKernelSet());
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

  private void lookAtDoor(Door door, boolean kernelSet) {
    String path = ConfigUtil.joinPath("doors", door.name());
    if (door.autoclose() == null) {
      warn(path + ".autoclose", "never: whoever gets in may come back until it is revoked");
    }
    if (door.killEstablished() && door.protects().stream().anyMatch(PolicyWarnings::isOurs)) {
      warn(
          path + ".kill-established",
          "answers to this machine's own connections from the protected ports need a grant; protect"
              + " none from 32768 to 60999, where they begin");
    }
    if (door.trigger() instanceof Sequence sequence) {
      lookAtSequence(path, sequence, kernelSet);
    } else if (door.trigger() instanceof Spa spa && spa.dialect() instanceof FwknopSpa fwknop) {
      fwknop.stanzas().forEach(stanza -> lookAtStanza(path, stanza));
    }
  }

  /** Where Linux takes the source ports of its own connections from, unless told otherwise. */
  private static boolean isOurs(PortRange range) {
    return range.first() <= 60_999 && range.last() >= 32_768;
  }

  private void lookAtHook(String path, List<String> argv) {
    String fault = argv.isEmpty() ? null : HookProgram.fault(Path.of(argv.get(0)));
    if (fault != null) {
      warn(path, argv.get(0) + " " + fault);
    }
  }

  private void lookAtStanza(String door, FwknopStanza stanza) {
    String path = door + ".spa.stanzas." + ConfigUtil.joinPath(stanza.name());
    if (stanza.keys().hmac() == null) {
      warn(path + ".insecure", "true: whoever sends anything makes the gate decrypt it");
    }
    if (stanza.keys() instanceof FwknopKeys keys && keys.mode() == CipherMode.ECB) {
      warn(path + ".mode", "ecb shows equal blocks as equal; write cbc");
    }
    if (stanza.keys().hmac() == HashKind.MD5 || stanza.keys().hmac() == HashKind.SHA1) {
      warn(path + ".hmac", stanza.keys().hmac().word() + " is old; write sha256");
    }
  }

  private void lookAtSequence(String path, Sequence sequence, boolean kernelSet) {
    List<Step> steps = sequence.steps();
    for (Step step : steps) {
      if (step.protocol() != Protocol.ICMP && BUSY_PORTS.contains(step.number())) {
        warn(path + ".knock", step + " is a port that many try; choose one that nobody uses");
        break;
      }
    }
    Protocol scanned = steps.get(0).protocol();
    boolean scannable =
        scanned != Protocol.ICMP && steps.stream().allMatch(step -> step.protocol() == scanned);
    if (steps.size() == 1) {
      warn(path + ".knock", "one knock is no secret: any scan opens the door; take three");
    } else if (scannable && isOpenedByOrderlyScan(sequence, sequence.strict())) {
      warn(
          path + ".knock",
          sequence.strict()
              ? "the ports follow one another, so a scan in order opens the door; mix them"
              : "the ports are in order and strict is false, so a scan in order opens the door");
    } else if (scannable && kernelSet && isOpenedByOrderlyScan(sequence, false)) {
      warn(
          path + ".knock",
          "the ports are in order, and behind queue.filter = kernel-set a scan in order can be so"
              + " fast that its wrong knocks pass unseen; mix the ports");
    } else if (scannable && !sequence.strict() && steps.size() <= LUCKY_STEPS) {
      warn(
          path + ".strict",
          "false, so one in "
              + IntStream.rangeClosed(2, steps.size()).reduce(1, (a, b) -> a * b)
              + " scans in random order opens the door");
    }
  }

  /** A strict door needs its ports one straight after the other, up or down. */
  private static boolean isOpenedByOrderlyScan(Sequence sequence, boolean strict) {
    List<Step> steps = sequence.steps();
    int direction = Integer.signum(steps.get(1).number() - steps.get(0).number());
    for (int i = 1; i < steps.size(); i++) {
      int gap = (steps.get(i).number() - steps.get(i - 1).number()) * direction;
      if (gap < 1 || (strict && gap > 1)) {
        return false;
      }
    }
    return true;
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
