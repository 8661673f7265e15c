package knockgate.rules.spa;

import java.util.List;

/**
 * The dialect of fwknop: one stanza for each user or group of users.
 *
 * @param stanzas in the order of the policy, one at least; the first that takes a message wins
 */
public record FwknopSpa(List<FwknopStanza> stanzas) implements Dialect {
  public FwknopSpa {
    stanzas = List.copyOf(stanzas);
  }
}
