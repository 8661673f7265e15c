package knockgate.gate.gpg;

import com.typesafe.config.ConfigUtil;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.Spa;
import knockgate.rules.spa.FwknopGpg;
import knockgate.rules.spa.FwknopSpa;
import knockgate.rules.spa.FwknopStanza;

/**
 * Stanzas whose OpenPGP keys have expired, or are not valid yet as far as the clock knows. That is
 * no mistake of a policy: the other doors must not stay shut for it.
 */
public final class UntimelyKeys {
  private UntimelyKeys() {}

  /**
   * Those of a policy now.
   *
   * @return what is wrong, by the path of the block that names the keys
   */
  public static Map<String, String> of(Policy policy) {
    return of(policy, seal -> GpgKeys.of(seal).faults(System.currentTimeMillis()));
  }

  /**
   * The same.
   *
   * @param faults of one stanza's keys, in sentences
   */
  public static Map<String, String> of(Policy policy, Function<FwknopGpg, List<String>> faults) {
    Map<String, String> untimely = new LinkedHashMap<>();
    for (Door door : policy.doors()) {
      if (door.trigger() instanceof Spa spa && spa.dialect() instanceof FwknopSpa fwknop) {
        for (FwknopStanza stanza : fwknop.stanzas()) {
          if (stanza.keys() instanceof FwknopGpg gpg) {
            String path =
                ConfigUtil.joinPath("doors", door.name(), "spa", "stanzas", stanza.name(), "gpg");
            faults.apply(gpg).forEach(fault -> untimely.merge(path, fault, (a, b) -> a + "; " + b));
          }
        }
      }
    }
    return untimely;
  }
}
