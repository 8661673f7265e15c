package knockgate.bench;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Limits;
import knockgate.rules.policy.Mark;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.QueueSpec;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;
import knockgate.rules.words.Verdict;

/**
 * The policies that are measured. Door 0 is the one that packets are sent to: tcp/7001, 7002, 7003
 * in this order open tcp/22 for a minute. The others are like it, on ports of their own.
 */
final class Doors {
  /** What door 0 protects. */
  static final int PROTECTED_PORT = 22;

  /** The first knock of door 0; the second and third are the next ports. */
  static final int FIRST_KNOCK = 7001;

  /** No door names it. */
  static final int UNRELATED_PORT = 443;

  private Doors() {}

  /**
   * A strict policy.
   *
   * @param doors how many, 1 to 1000
   * @param limits the size of its tables
   */
  static Policy policy(int doors, Limits limits) {
    return new Policy(
        new QueueSpec(0, 1, 16_384, false, 0, false),
        false,
        Verdict.ACCEPT,
        Verdict.DROP,
        new Mark(0x4b, 0xff),
        List.of(),
        limits,
        IntStream.range(0, doors).mapToObj(Doors::door).toList());
  }

  private static Door door(int number) {
    int shift = number * 10;
    List<Step> steps =
        List.of(
            new Step(Protocol.TCP, FIRST_KNOCK + shift),
            new Step(Protocol.TCP, FIRST_KNOCK + shift + 1),
            new Step(Protocol.TCP, FIRST_KNOCK + shift + 2));
    Sequence knocks =
        new Sequence(steps, true, Duration.ofSeconds(10), null, TcpFlags.OPENING, true, true);
    int port = number == 0 ? PROTECTED_PORT : 20_000 + number;
    return new Door(
        "door" + number,
        List.of(new PortRange(Protocol.TCP, port, port)),
        knocks,
        Duration.ofMinutes(1),
        32,
        128,
        0);
  }
}
