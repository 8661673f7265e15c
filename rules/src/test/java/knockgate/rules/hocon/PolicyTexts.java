package knockgate.rules.hocon;

import static org.assertj.core.api.Assertions.fail;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.time.Duration;
import java.util.List;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;

/** Policies of tests, as text. */
final class PolicyTexts {
  /** A door that is right, to stand behind its name. */
  static final String DOOR = " { protects = [ tcp/22 ], knock = [ 7000 ] }\n";

  private PolicyTexts() {}

  /** A policy with one door named d; {@code keys} stand alone in line 2. */
  static String door(String keys) {
    return "doors { d { protects = [ tcp/22 ], knock = [ 7000 ]\n" + keys + "\n} }";
  }

  /**
   * The same with a door that nothing opens but what {@code keys} say; it protects UDP ports, too.
   */
  static String doorOpenedBy(String keys) {
    return "doors { d { protects = [ tcp/22, udp/50-60 ]\n" + keys + "\n} }";
  }

  /** What opens a door of these texts, if its {@code time} is that. */
  static Sequence knocks(Duration time) {
    List<Step> steps = List.of(new Step(Protocol.TCP, 7000));
    return new Sequence(steps, true, time, null, TcpFlags.OPENING, true, true);
  }

  static Config parse(String text, String name) throws PolicyException {
    try {
      return ConfigFactory.parseString(
          text, ConfigParseOptions.defaults().setOriginDescription(name));
    } catch (ConfigException e) {
      throw PolicyException.of(e);
    }
  }

  static Policy read(String text) throws PolicyException {
    return PolicyReader.read(parse(text, "policy"), new PolicySource("policy", text, List.of()));
  }

  /** What is wrong with a policy, one line each. */
  static List<String> problemsOf(String text) {
    try {
      read(text);
      return fail("no mistake was found in: " + text);
    } catch (PolicyException e) {
      return e.problems().stream().map(PolicyProblem::toString).toList();
    }
  }
}
