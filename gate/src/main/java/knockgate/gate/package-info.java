/**
 * The daemon: what it builds and in which order it starts and ends ({@code Daemon}), the lanes with
 * the packet path, the desks that change grants, and what watches them. It stands on the rooms that
 * do not know it, such as {@link knockgate.gate.fault}, {@link knockgate.gate.policy} and {@link
 * knockgate.gate.events}; the control socket, metrics and hooks look into it; the command line is
 * on top.
 */
@NullMarked
package knockgate.gate;

import org.jspecify.annotations.NullMarked;
