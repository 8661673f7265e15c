package knockgate.gate.pknock;

/**
 * One reason why rules were not imported.
 *
 * @param cause what kind of reason
 * @param rule the rule as it was given, without its secrets; empty = the rules as a whole
 * @param sentence what is in the way; for {@link Cause#WRONG} in the words of iptables or the
 *     module
 * @param cure what to do
 */
public record Refusal(Cause cause, String rule, String sentence, String cure) {}
