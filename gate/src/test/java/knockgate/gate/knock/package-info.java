/** Tests of the knock and message clients. */
@NullMarked
package knockgate.gate.knock;

import org.jspecify.annotations.NullMarked;
