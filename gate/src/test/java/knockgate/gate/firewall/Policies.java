package knockgate.gate.firewall;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Limits;
import knockgate.rules.policy.Mark;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.QueueSpec;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.policy.Trigger;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;
import knockgate.rules.words.Verdict;
import org.jspecify.annotations.Nullable;

/** A policy to be changed one word at a time; for tests that are about rules, not about files. */
final class Policies {
  int lanes = 1;
  boolean kernelSet;
  Verdict unmatched = Verdict.ACCEPT;
  @Nullable Mark mark = new Mark(0x4b, 0xff);
  final List<Prefix> rescue = new ArrayList<>();
  final List<Door> doors = new ArrayList<>();

  /** One strict TCP door, one strict door of three protocols. */
  static Policies example() {
    return new Policies()
        .rescue("192.0.2.10", "2001:db8::/48")
        .door("tcp/993", "tcp/4002 tcp/4001 tcp/4004", true, TcpFlags.OPENING)
        .door("udp/1194 tcp/1000-1010", "udp/7000 tcp/8000 icmp/128", true, TcpFlags.OPENING);
  }

  Policies rescue(String... prefixes) {
    Stream.of(prefixes).map(Prefix::parse).forEach(rescue::add);
    return this;
  }

  Policies unmatched(Verdict verdict) {
    unmatched = verdict;
    return this;
  }

  Policies mark(@Nullable Mark other) {
    mark = other;
    return this;
  }

  Policies lanes(int count) {
    lanes = count;
    return this;
  }

  Policies kernelSet() {
    kernelSet = true;
    return this;
  }

  /** A door such as {@code ("tcp/993", "tcp/4002 tcp/4001", true, OPENING)}. */
  Policies door(String protects, String steps, boolean strict, TcpFlags flags) {
    Sequence sequence =
        new Sequence(
            Stream.of(steps.split(" ")).map(Policies::step).toList(),
            strict,
            Duration.ofSeconds(10),
            null,
            flags,
            true,
            true);
    return door(protects, sequence);
  }

  Policies door(String protects, Trigger trigger) {
    List<PortRange> ranges = Stream.of(protects.split(" ")).map(Policies::range).toList();
    doors.add(new Door("door" + doors.size(), ranges, trigger, Duration.ofHours(1), 32, 128, 0));
    return this;
  }

  /** The door that was added last cuts connections when a grant ends. */
  Policies killing() {
    return replaceLast(0, true);
  }

  /** A grant of the door that was added last admits three connections. */
  Policies counting() {
    return replaceLast(3, false);
  }

  private Policies replaceLast(int connections, boolean killEstablished) {
    Door door = doors.remove(doors.size() - 1);
    doors.add(
        new Door(
            door.name(),
            door.protects(),
            door.trigger(),
            door.autoclose(),
            door.coversV4(),
            door.coversV6(),
            connections,
            killEstablished));
    return this;
  }

  Policy policy() {
    return new Policy(
        new QueueSpec(4, lanes, 1024, false, 0, kernelSet),
        false,
        unmatched,
        Verdict.DROP,
        mark,
        rescue,
        new Limits(1024, 1024, 50, 32, 64),
        doors);
  }

  private static Step step(String text) {
    String[] words = text.split("/", -1);
    return new Step(
        Protocol.valueOf(words[0].toUpperCase(Locale.ROOT)), Integer.parseInt(words[1]));
  }

  private static PortRange range(String text) {
    String[] words = text.split("[/-]", -1);
    int first = Integer.parseInt(words[1]);
    return new PortRange(
        Protocol.valueOf(words[0].toUpperCase(Locale.ROOT)),
        first,
        words.length == 3 ? Integer.parseInt(words[2]) : first);
  }
}
