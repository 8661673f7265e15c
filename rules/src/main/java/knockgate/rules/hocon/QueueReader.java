package knockgate.rules.hocon;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.Map;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.QueueSpec;
import knockgate.rules.words.Verdict;

/** Reads {@code queue}: the kernel queues, and what the kernel may keep out of them. */
final class QueueReader {
  private static final int MOST_LANES = 64;
  private static final String FILTER = "filter";

  /** Entries of a kernel set last 2,147,483 s at most (linux/netfilter/ipset/ip_set.h). */
  private static final Duration LONGEST_IN_SET = Duration.ofDays(24);

  private QueueReader() {}

  static QueueSpec read(Block queue) {
    int number = queue.number("number", 0, 0, 65_535);
    int count = queue.number("count", 1, 1, MOST_LANES);
    if (number + count - 1 > 65_535) {
      queue.problem("count", count + " lanes from " + number + " on pass 65535, the last queue");
    }
    return new QueueSpec(
        number,
        count,
        queue.number("length", 16_384, 1, 1 << 20),
        queue.word("when-full", false, Map.of("drop", false, "accept", true)),
        queue.read("threads", 0, QueueReader::threads),
        queue.word(FILTER, false, Map.of("plain", false, "kernel-set", true)));
  }

  private static int threads(ConfigValue value) {
    return value.valueType() == ConfigValueType.NUMBER
        ? Scalar.number(value, 1, 2)
        : Scalar.word(value, Map.of("auto", 0));
  }

  /** Notes where the rest of the policy does not let a kernel set stand before the queue. */
  static void check(Block queue, Policy policy) {
    if (!policy.queue().kernelSet()) {
      return;
    }
    if (policy.unmatched() == Verdict.DROP) {
      queue.problem(
          FILTER,
          "kernel-set keeps packets that no door wants out of the queue, and unmatched = drop has"
              + " the gate drop them: write unmatched = accept, or filter = plain");
    }
    for (Door door : policy.doors()) {
      Duration pause = door.trigger().strictPause();
      if (pause.compareTo(LONGEST_IN_SET) > 0) {
        queue.problem(
            FILTER,
            "kernel-set keeps a peer for 24 days at most, and door "
                + door.name()
                + " lets more pass between two knocks: shorten its time or window, or write"
                + " filter = plain");
      }
    }
  }
}
