/**
 * The command line: the root, and how every command ends. The commands of the gate's own machine
 * are here, from {@code check} and {@code rules} to {@code run} and {@code doctor}; those that ask
 * a running gate are in {@link knockgate.gate.cli.control}, those of who knocks in {@link
 * knockgate.gate.cli.knock}. Neither knows the root.
 */
@NullMarked
package knockgate.gate.cli;

import org.jspecify.annotations.NullMarked;
