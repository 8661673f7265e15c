/**
 * The commands that ask a running gate, each over its control socket: what it knows ({@code
 * status}, {@code doors}, {@code attempts}, {@code grants}, {@code why}, {@code events}, {@code
 * top}) and what it is to change ({@code grant}, {@code extend}, {@code revoke}, {@code reload},
 * {@code observe}, {@code stop}). {@link knockgate.gate.cli.control.ControlSocket} holds the
 * options that they share and asks; the rest puts rows into tables and sentences.
 */
@NullMarked
package knockgate.gate.cli.control;

import org.jspecify.annotations.NullMarked;
