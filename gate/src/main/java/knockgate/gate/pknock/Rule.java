package knockgate.gate.pknock;

import java.util.List;
import java.util.stream.Stream;

/**
 * One rule of a chain.
 *
 * @param text as it was given, without its secrets
 * @param tests in the order in which the kernel makes them: addresses and protocol first, then the
 *     matches as they were loaded
 * @param target what becomes of a packet that fits
 */
record Rule(String text, List<Test> tests, Target target) {
  Rule {
    tests = List.copyOf(tests);
  }

  /** Its knock tests: none for most rules of this world, hardly ever two. */
  List<Knock> knocks() {
    return tests.stream()
        .flatMap(test -> test instanceof Knock knock ? Stream.of(knock) : Stream.empty())
        .toList();
  }

  boolean isPlain() {
    return knocks().isEmpty();
  }
}
