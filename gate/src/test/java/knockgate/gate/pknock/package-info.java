/** Tests of the import of xt_pknock's rules. */
@NullMarked
package knockgate.gate.pknock;

import org.jspecify.annotations.NullMarked;
