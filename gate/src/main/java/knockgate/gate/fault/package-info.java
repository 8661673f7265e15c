/**
 * How things go wrong. What ends a command or the start is a {@link knockgate.gate.fault.Failure}:
 * a sentence and an {@link knockgate.gate.fault.ExitCode}. What a running gate survives is kept in
 * {@link knockgate.gate.fault.FaultLog}. The lowest room of the module: everybody may know it, and
 * it knows nobody.
 */
@NullMarked
package knockgate.gate.fault;

import org.jspecify.annotations.NullMarked;
