package knockgate.rules;

/**
 * A permission with an end, as people and other modules see it.
 *
 * @param hi address that was granted, masked to the door's prefix, as {@link
 *     knockgate.rules.words.Prefix} has it
 * @param lo its last 64 bits
 * @param tag what for, see {@link GrantTag}
 * @param deadlineMs end, in milliseconds since the gate's start; {@link GrantTable#NEVER} = none
 * @param connections connections left; {@link GrantTable#UNLIMITED} = without limit
 */
public record Grant(long hi, long lo, long tag, long deadlineMs, int connections) {}
