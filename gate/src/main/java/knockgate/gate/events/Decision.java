package knockgate.gate.events;

import knockgate.rules.MessageReport;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the gate decided, as it is remembered.
 *
 * @param epochMs when, milliseconds since 1970
 * @param reason what, and why
 * @param door name of the door; null = none
 * @param peer the packet's source, or what a grant covers
 * @param protocol null = no packet, or of another protocol
 * @param port destination port
 * @param step steps passed after it; where an attempt ended, those it had passed; 0 = none
 * @param steps steps in all; 0 = not a matter of steps
 * @param millis a time that belongs to the reason; -1 = none
 * @param report what a message said; null = none, or nothing that is known to be true
 * @param observed whether it was not done, only said
 * @param by the user who did it by hand; null = nobody did
 */
public record Decision(
    long epochMs,
    Reason reason,
    @Nullable String door,
    Prefix peer,
    @Nullable Protocol protocol,
    int port,
    int step,
    int steps,
    long millis,
    @Nullable MessageReport report,
    boolean observed,
    @Nullable String by) {}
