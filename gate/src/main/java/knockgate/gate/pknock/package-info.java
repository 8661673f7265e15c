/**
 * From xt_pknock's iptables rules to a policy. Read {@link PknockImport} first; then, in the order
 * of the work, {@code RulesetReader}, {@code RuleParser}, {@code Walk}, {@code Mapping}, {@code
 * PolicyText}.
 */
@NullMarked
package knockgate.gate.pknock;

import org.jspecify.annotations.NullMarked;
