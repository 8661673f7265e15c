/** The command line: the root, one class per command, and what they share. */
@NullMarked
package knockgate.gate.cli;

import org.jspecify.annotations.NullMarked;
