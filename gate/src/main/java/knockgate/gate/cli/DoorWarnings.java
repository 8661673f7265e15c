package knockgate.gate.cli;

import com.typesafe.config.ConfigUtil;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.Spa;
import knockgate.rules.spa.CipherMode;
import knockgate.rules.spa.FwknopKeys;
import knockgate.rules.spa.FwknopSpa;
import knockgate.rules.spa.FwknopStanza;
import knockgate.rules.spa.HashKind;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;

/** What one door may say, and its author may not have meant: {@link PolicyWarnings}. */
final class DoorWarnings {
  /** Ports that somebody uses or tries every day, whether or not anything listens here. */
  private static final Set<Integer> BUSY_PORTS =
      Set.of(
          21, 22, 23, 25, 53, 80, 110, 123, 135, 137, 139, 143, 161, 443, 445, 465, 587, 993, 995,
          1433, 1900, 3306, 3389, 5060, 5353, 5432, 5900, 6379, 8080, 8443);

  /** With more steps than this a scan in random order needs luck that nobody has. */
  private static final int LUCKY_STEPS = 8;

  private final boolean kernelSet;
  private final BiConsumer<String, String> warn;

  /**
   * Looks at nothing yet.
   *
   * @param kernelSet whether the kernel keeps strangers' packets from the queue
   * @param warn takes a key's path and the sentence about it
   */
  DoorWarnings(boolean kernelSet, BiConsumer<String, String> warn) {
    this.kernelSet = kernelSet;
    this.warn = warn;
  }

  /** Tells what is worth a second look in a door and the keys below it. */
  void lookAt(Door door) {
    String path = ConfigUtil.joinPath("doors", door.name());
    if (door.autoclose() == null) {
      warn.accept(path + ".autoclose", "never: whoever gets in may come back until it is revoked");
    }
    if (door.killEstablished() && door.protects().stream().anyMatch(DoorWarnings::isOurs)) {
      warn.accept(
          path + ".kill-established",
          "answers to this machine's own connections from the protected ports need a grant; protect"
              + " none from 32768 to 60999, where they begin");
    }
    if (door.trigger() instanceof Sequence sequence) {
      lookAtSequence(path, sequence);
    } else if (door.trigger() instanceof Spa spa && spa.dialect() instanceof FwknopSpa fwknop) {
      fwknop.stanzas().forEach(stanza -> lookAtStanza(path, door, stanza));
    }
  }

  /** Where Linux takes the source ports of its own connections from, unless told otherwise. */
  private static boolean isOurs(PortRange range) {
    return range.first() <= 60_999 && range.last() >= 32_768;
  }

  private void lookAtStanza(String doorPath, Door door, FwknopStanza stanza) {
    String path = doorPath + ".spa.stanzas." + ConfigUtil.joinPath(stanza.name());
    if (stanza.keys().hmac() == null) {
      warn.accept(path + ".insecure", "true: whoever sends anything makes the gate decrypt it");
    }
    if (stanza.keys() instanceof FwknopKeys keys && keys.mode() == CipherMode.ECB) {
      warn.accept(path + ".mode", "ecb shows equal blocks as equal; write cbc");
    }
    if (stanza.keys().hmac() == HashKind.MD5 || stanza.keys().hmac() == HashKind.SHA1) {
      warn.accept(path + ".hmac", stanza.keys().hmac().word() + " is old; write sha256");
    }
    if (stanza.timeout() == null && door.autoclose() != null) { // else the door was told of it
      warn.accept(
          path + ".timeout",
          "never: whoever gets in may come back until it is revoked; leave it out for the door's"
              + " autoclose");
    }
  }

  private void lookAtSequence(String path, Sequence sequence) {
    List<Step> steps = sequence.steps();
    for (Step step : steps) {
      if (step.protocol() != Protocol.ICMP && BUSY_PORTS.contains(step.number())) {
        warn.accept(
            path + ".knock", step + " is a port that many try; choose one that nobody uses");
        break;
      }
    }
    Protocol scanned = steps.get(0).protocol();
    boolean scannable =
        scanned != Protocol.ICMP && steps.stream().allMatch(step -> step.protocol() == scanned);
    if (steps.size() == 1) {
      warn.accept(path + ".knock", "one knock is no secret: any scan opens the door; take three");
    } else if (scannable && isOpenedByOrderlyScan(sequence, sequence.strict())) {
      warn.accept(
          path + ".knock",
          sequence.strict()
              ? "the ports follow one another, so a scan in order opens the door; mix them"
              : "the ports are in order and strict is false, so a scan in order opens the door");
    } else if (scannable && kernelSet && isOpenedByOrderlyScan(sequence, false)) {
      warn.accept(
          path + ".knock",
          "the ports are in order, and behind queue.filter = kernel-set a scan in order can be so"
              + " fast that its wrong knocks pass unseen; mix the ports");
    } else if (scannable && !sequence.strict() && steps.size() <= LUCKY_STEPS) {
      warn.accept(
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
}
