/**
 * The recorded behaviour of xt_pknock, a slow model of it, and the gate: that all three agree where
 * they should, and that each difference has a name.
 */
@NullMarked
package knockgate.gate.conformance;

import org.jspecify.annotations.NullMarked;
