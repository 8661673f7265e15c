/**
 * What a packet means: the packet path, from its bytes to its verdict, and what it remembers. Read
 * {@code Gatekeeper} first. What is read from a policy stands in {@link knockgate.rules.policy},
 * how its text is read in {@link knockgate.rules.hocon}, what messages say in {@link
 * knockgate.rules.spa}, how attempts and grants are remembered in {@link knockgate.rules.table},
 * and the words that all of them share in {@link knockgate.rules.words}.
 */
@NullMarked
package knockgate.rules;

import org.jspecify.annotations.NullMarked;
