package knockgate.gate.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Hooks;
import knockgate.rules.policy.Limits;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.QueueSpec;
import knockgate.rules.policy.Rotating;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.Spa;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.policy.Trigger;
import knockgate.rules.table.SlotTable;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;
import knockgate.rules.words.Verdict;
import org.jspecify.annotations.Nullable;

/** Says what a policy does, in sentences, so that its author sees whether that was meant. */
final class PolicyInWords {
  private static final double MEGABYTE = 1_000_000;

  private PolicyInWords() {}

  /** One paragraph for the gate, one for each door, one for the limits. */
  static List<String> paragraphs(Policy policy) {
    List<String> paragraphs = new ArrayList<>();
    paragraphs.add(gate(policy));
    policy
        .doors()
        .forEach(
            door -> paragraphs.add(door(door) + hooks(policy.outlets().hooks().get(door.name()))));
    paragraphs.add(limits(policy.limits()));
    return paragraphs;
  }

  private static String gate(Policy policy) {
    String mode =
        policy.observe()
            ? "Mode observe: every packet is let through, and the events say what would have"
                + " happened."
            : "Mode enforce: the verdicts count.";
    String rescue =
        policy.rescue().isEmpty()
            ? "Nobody is admitted always."
            : "Always admitted: " + list(policy.rescue()) + ".";
    String mark =
        policy.mark() == null
            ? "Admitted packets get no mark."
            : "Admitted packets get the mark " + policy.mark() + ".";
    return String.join(
        " ",
        mode,
        "A packet that no door protects is " + past(policy.unmatched()) + ",",
        "one whose headers cannot be read is " + past(policy.unparsable()) + ".",
        rescue,
        mark,
        queue(policy.queue()) + filter(policy));
  }

  private static String past(Verdict verdict) {
    return verdict == Verdict.ACCEPT ? "accepted" : "dropped";
  }

  private static String queue(QueueSpec queue) {
    int last = queue.number() + queue.count() - 1;
    String which =
        queue.count() == 1
            ? "Queue " + last + " holds "
            : "Queues " + queue.number() + " to " + last + " hold ";
    return which
        + queue.length()
        + (queue.length() == 1 ? " packet" : " packets")
        + (queue.count() == 1 ? "" : " each")
        + "; when full, new packets "
        + (queue.failOpen() ? "pass without a verdict." : "are dropped.");
  }

  private static String filter(Policy policy) {
    return policy.usesKernelSet()
        ? " To ports that mean nothing here, only packets of peers in the middle of a strict"
            + " sequence come to the queue, by a kernel set; the kernel lets all others pass."
        : "";
  }

  /** One door: what it protects, what opens it, and for how long and whom. */
  static String door(Door door) {
    return "Door "
        + door.name()
        + ": protects "
        + list(door.protects())
        + ". Opens for an address that "
        + trigger(door.trigger())
        + " "
        + grant(door);
  }

  private static String hooks(@Nullable Hooks hooks) {
    if (hooks == null) {
      return "";
    }
    String opens = hooks.onOpen().isEmpty() ? "" : " Then runs: " + shown(hooks.onOpen()) + ".";
    String shuts =
        hooks.onClose().isEmpty() ? "" : " When it shuts runs: " + shown(hooks.onClose()) + ".";
    return opens + shuts;
  }

  private static String shown(List<String> argv) {
    return String.join(" ", argv);
  }

  /** What an address must do; each kind of trigger has its sentences. */
  private static String trigger(Trigger trigger) {
    if (trigger instanceof Sequence sequence) {
      return sequence(sequence);
    } else if (trigger instanceof Rotating rotating) {
      return rotating(rotating);
    }
    return SpaInWords.of((Spa) trigger);
  }

  private static String rotating(Rotating rotating) {
    Sequence sequence = rotating.at(0);
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "knocks the "
            + rotating.knocks().count()
            + " ports that \"knockgate sequence\" prints, "
            + time(sequence)
            + ".");
    sentences.add(
        "They are of "
            + rotating.knocks().range()
            + ", where nothing is answered, and change every "
            + span(rotating.knocks().step())
            + "; the last and the next ones count too, each once for an address.");
    sentences.add(flags(sequence));
    sentences.add(wrongKnocks(sequence));
    sentences.removeIf(String::isEmpty);
    return String.join(" ", sentences);
  }

  private static String sequence(Sequence sequence) {
    List<String> sentences = new ArrayList<>();
    String knocks =
        sequence.steps().stream().map(PolicyInWords::step).collect(Collectors.joining(", "));
    if (sequence.steps().size() == 1) {
      sentences.add("knocks " + knocks + " once.");
      sentences.add(flags(sequence));
    } else {
      sentences.add("knocks " + knocks + ", in this order, " + time(sequence) + ".");
      sentences.add(flags(sequence));
      sentences.add(wrongKnocks(sequence));
    }
    sentences.removeIf(String::isEmpty);
    return String.join(" ", sentences);
  }

  private static String step(Step step) {
    return step.protocol() == Protocol.ICMP
        ? "icmp/" + step.number() + " (a ping of " + step.number() + " bytes)"
        : step.toString();
  }

  private static String time(Sequence sequence) {
    Duration time = sequence.time();
    Duration window = sequence.window();
    String gaps = time == null ? "" : "at most " + span(time) + " between two knocks";
    String whole = window == null ? "" : "at most " + span(window) + " from first to last";
    return gaps + (gaps.isEmpty() || whole.isEmpty() ? "" : " and ") + whole;
  }

  private static String flags(Sequence sequence) {
    TcpFlags flags = sequence.flags();
    if (!sequence.uses(Protocol.TCP)) {
      return "";
    } else if (flags.equals(TcpFlags.ANY)) {
      return "Every TCP packet counts, whatever its flags.";
    } else if (flags.equals(TcpFlags.OPENING)) {
      return "Of TCP, only a SYN counts.";
    }
    return "Of TCP, only packets with the flags " + flags + " count.";
  }

  private static String wrongKnocks(Sequence sequence) {
    if (!sequence.strict()) {
      return "Wrong knocks are ignored.";
    }
    String protocols =
        List.of(Protocol.values()).stream()
            .filter(sequence::uses)
            .map(Protocol::word)
            .collect(Collectors.joining(" or "));
    String wrong =
        "A wrong knock (anything else by "
            + protocols
            + ") ends the attempt"
            + (sequence.restart() ? ", or begins a new one where it is the first step" : "");
    return wrong
        + (sequence.ignoresRepeats()
            ? "; the step just passed, sent again unchanged, is ignored."
            : "; so does a step that is sent twice.");
  }

  private static String grant(Door door) {
    String whom =
        door.coversV4() == 32 && door.coversV6() == 128
            ? "for that address"
            : "for its whole IPv4 /" + door.coversV4() + " or IPv6 /" + door.coversV6();
    Duration autoclose = door.autoclose();
    String until = autoclose == null ? "until it is revoked" : "for " + span(autoclose);
    String connections =
        door.connections() == 0
            ? ""
            : ", and for "
                + door.connections()
                + (door.connections() == 1 ? " connection" : " connections");
    return "Stays open "
        + whom
        + " "
        + until
        + connections
        + (door.killEstablished()
            ? "; connections that it let in are cut when it ends."
            : "; connections that stand live on after that.");
  }

  private static String limits(Limits limits) {
    long attempts = SlotTable.bytes(limits.attempts());
    long grants = SlotTable.bytes(limits.grants());
    String first =
        limits.firstKnocksPerSecond() == 0
            ? "First knocks are not limited."
            : "At most "
                + limits.firstKnocksPerSecond()
                + " first knocks a second count from one "
                + prefix("IPv4", limits.prefixV4(), 32)
                + " or "
                + prefix("IPv6", limits.prefixV6(), 128)
                + ".";
    return String.format(
        Locale.ROOT,
        "Room for %d attempts (%d bytes each) and %d grants (%d bytes each): %.1f MB in all, taken"
            + " at the start and never more. %s",
        limits.attempts(),
        attempts / limits.attempts(),
        limits.grants(),
        grants / limits.grants(),
        KnockState.bytes(limits) / MEGABYTE,
        first);
  }

  private static String prefix(String family, int length, int single) {
    return length == single ? family + " address" : family + " /" + length;
  }

  private static String list(Collection<?> things) {
    return things.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  /** A duration in its units, such as {@code 1 h 30 min}. */
  static String span(Duration duration) {
    StringBuilder text = new StringBuilder();
    add(text, duration.toDaysPart(), "d");
    add(text, duration.toHoursPart(), "h");
    add(text, duration.toMinutesPart(), "min");
    add(text, duration.toSecondsPart(), "s");
    add(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0 s" : text.toString();
  }

  private static void add(StringBuilder text, long count, String unit) {
    if (count > 0) {
      text.append(text.isEmpty() ? "" : " ").append(count).append(" ").append(unit);
    }
  }
}
