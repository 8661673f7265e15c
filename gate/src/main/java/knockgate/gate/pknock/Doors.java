package knockgate.gate.pknock;

import java.util.List;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Verdict;

/**
 * The doors that do what the rules do.
 *
 * @param doors in the order of the policy
 * @param rescue sources that are always admitted
 * @param unmatched the verdict for packets that no door protects
 * @param restDecides whether plain rules, which stay where they are, decide on those packets
 * @param differences where the policy is stricter than the rules, in sentences
 */
record Doors(
    List<ImportedDoor> doors,
    List<Prefix> rescue,
    Verdict unmatched,
    boolean restDecides,
    List<String> differences) {}
