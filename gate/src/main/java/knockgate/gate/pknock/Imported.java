package knockgate.gate.pknock;

import java.util.List;

/**
 * What became of xt_pknock's rules.
 *
 * @param policy the policy as HOCON text; empty if something was refused
 * @param refusals why there is no policy; empty if there is one
 * @param left plain rules that stay as they are, as they were given
 * @param restDecides whether these rules decide on packets that no door protects
 * @param notes what its user should know, in sentences
 */
public record Imported(
    String policy,
    List<Refusal> refusals,
    List<String> left,
    boolean restDecides,
    List<String> notes) {
  public Imported {
    refusals = List.copyOf(refusals);
    left = List.copyOf(left);
    notes = List.copyOf(notes);
  }
}
