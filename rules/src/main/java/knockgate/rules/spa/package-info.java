/**
 * Single packet authorization: the dialects that the gate understands, each pure and small. {@link
 * knockgate.rules.spa.PknockVerifier} and {@link knockgate.rules.spa.FwknopVerifier} judge
 * messages, {@link knockgate.rules.spa.RotatingSequence} derives knocks from the clock, and {@link
 * knockgate.rules.spa.ReplayWindow} remembers what was accepted. Verifiers belong to one lane's
 * thread; the window is shared. Nobody here reads a clock.
 */
@NullMarked
package knockgate.rules.spa;

import org.jspecify.annotations.NullMarked;
