/**
 * The policy's files: {@link knockgate.gate.policy.PolicyLoader} reads the first, what it includes
 * and the secrets it names, and {@link knockgate.gate.policy.ExposedSecrets} says which of them
 * others may read. What the text means is the business of {@link knockgate.rules.hocon}; when a
 * policy is in use, that of the gate.
 */
@NullMarked
package knockgate.gate.policy;

import org.jspecify.annotations.NullMarked;
