package knockgate.rules.hocon;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import knockgate.rules.Gatekeeper;
import knockgate.rules.KnockState;
import knockgate.rules.PolicyPlan;
import knockgate.rules.policy.Limits;
import knockgate.rules.policy.Policy;
import knockgate.rules.spa.Secret;

/** Any text is a policy, or a list of mistakes. */
class PolicyReaderFuzz {
  /** Includes are read by another class; here they are empty. */
  private static final ConfigIncluder NO_FILES =
      new ConfigIncluder() {
        @Override
        public ConfigIncluder withFallback(ConfigIncluder fallback) {
          return this;
        }

        @Override
        public ConfigObject include(ConfigIncludeContext context, String what) {
          return ConfigFactory.empty().root();
        }
      };

  @FuzzTest
  void isAPolicyOrAListOfMistakes(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.contains("include")) {
      return; // even this includer is not asked for all of them
    }
    ConfigParseOptions options =
        ConfigParseOptions.defaults().setOriginDescription("policy").setIncluder(NO_FILES);
    try {
      Policy policy =
          PolicyReader.read(
              ConfigFactory.parseString(text, options),
              new PolicySource("policy", text, List.of()),
              name -> Secret.ofText("s3cret"),
              gpg -> {});
      // what was taken can be worked out
      KnockState state = new KnockState(new Limits(64, 64, 50, 32, 64));
      new Gatekeeper(new PolicyPlan(policy, state), state);
    } catch (PolicyException mistakes) {
      if (mistakes.problems().isEmpty()) {
        throw new AssertionError("refused without a reason", mistakes);
      }
    } catch (ConfigException syntax) {
      PolicyException.of(syntax);
    }
  }
}
