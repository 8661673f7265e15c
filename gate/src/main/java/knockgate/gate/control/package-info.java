/**
 * The control socket: how commands talk to the running gate, in the manner of wireguard's
 * cross-platform interface.
 *
 * <p>A Unix stream socket. A request is lines of {@code key=value}, {@code ask} among them, and an
 * empty line; UTF-8, {@link knockgate.gate.control.Request#MOST_BYTES} bytes at most. The answer is
 * lines of flat JSON objects; the last of them has {@code "what":"end"}. Then the next request may
 * come.
 *
 * <pre>
 *   ask=grants                    {"what":"grant","door":"imap","peer":"203.0.113.9","left_ms":3541000}
 *   door=imap                     {"what":"end","ok":true}
 *   (empty line)
 *
 *   ask=grant                     {"what":"end","ok":false,"exit":1,"text":"there is no door \"x\" ..."}
 *   door=x
 *   peer=203.0.113.9
 *   (empty line)
 * </pre>
 *
 * {@code exit} is the code with which the command ends. What can be asked, with which keys and by
 * whom, is the list {@link knockgate.gate.control.Ask}. With {@code follow=yes}, {@code ask=events}
 * has no end: lines come until the client leaves.
 *
 * <p>Try it: {@code printf 'ask=status\n\n' | nc -NU /run/knockgate/control.sock}
 */
@NullMarked
package knockgate.gate.control;

import org.jspecify.annotations.NullMarked;
