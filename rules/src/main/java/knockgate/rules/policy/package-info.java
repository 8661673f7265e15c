/**
 * What is read from a policy: {@link knockgate.rules.policy.Policy}, its {@link
 * knockgate.rules.policy.Door}s, what opens each ({@link knockgate.rules.policy.Trigger}), and what
 * the gate is to do beside them. Immutable records: they say what is wished, in the units of
 * people, and check themselves; the packet path compiles them into plans of its own. They may know
 * the words ({@link knockgate.rules.words}) and the dialects of messages ({@link
 * knockgate.rules.spa}), but neither how a policy's text is read nor how a packet is judged.
 */
@NullMarked
package knockgate.rules.policy;

import org.jspecify.annotations.NullMarked;
