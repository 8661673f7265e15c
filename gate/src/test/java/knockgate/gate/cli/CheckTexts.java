package knockgate.gate.cli;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.hocon.PolicyReader;
import knockgate.rules.hocon.PolicySource;
import knockgate.rules.policy.Policy;

/** Policies of tests, as text. */
final class CheckTexts {
  private CheckTexts() {}

  static Policy policy(String text) throws PolicyException {
    return PolicyReader.read(
        ConfigFactory.parseString(text), new PolicySource("policy", text, List.of()));
  }

  /** A policy with one door named d, which protects tcp/22. */
  static Policy door(String keys) throws PolicyException {
    return policy("doors.d { protects = [ tcp/22 ], " + keys + "\n}");
  }
}
