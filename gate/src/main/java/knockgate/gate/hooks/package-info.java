/** Programs that run when a door opens or shuts, far from the packets. */
@NullMarked
package knockgate.gate.hooks;

import org.jspecify.annotations.NullMarked;
