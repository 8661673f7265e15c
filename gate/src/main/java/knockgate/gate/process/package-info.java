/**
 * This process among others: the signals it is sent, the privileges it has, and the programs it
 * starts. Knows nothing of gates.
 */
@NullMarked
package knockgate.gate.process;

import org.jspecify.annotations.NullMarked;
