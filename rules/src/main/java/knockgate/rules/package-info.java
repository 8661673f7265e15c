/** What a packet means: policy, knock state and verdicts. Read {@code Gatekeeper} first. */
@NullMarked
package knockgate.rules;

import org.jspecify.annotations.NullMarked;
