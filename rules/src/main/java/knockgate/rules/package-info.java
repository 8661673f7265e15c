/**
 * What a packet means: policy, knock state and verdicts. Read {@code Gatekeeper} first. How the
 * text of a policy is read stands in {@link knockgate.rules.hocon}, what messages say in {@link
 * knockgate.rules.spa}, and how attempts and grants are remembered in {@link
 * knockgate.rules.table}.
 */
@NullMarked
package knockgate.rules;

import org.jspecify.annotations.NullMarked;
