/**
 * The policy as it is named on a command line: the option {@code -c}, and one of its doors. Below
 * every command that reads one; it knows none of them.
 */
@NullMarked
package knockgate.gate.cli.policy;

import org.jspecify.annotations.NullMarked;
