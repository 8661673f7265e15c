/**
 * What is really there of the gate on this machine, and the cure where it is not as it should be.
 */
@NullMarked
package knockgate.gate.doctor;

import org.jspecify.annotations.NullMarked;
