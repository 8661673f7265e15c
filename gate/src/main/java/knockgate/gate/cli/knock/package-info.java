/**
 * The commands of who knocks, mostly on another machine than the gate's: {@code knock}, {@code spa}
 * and {@code sequence}, where they get a secret from, which address they take, and what they start
 * afterwards. They order packets; {@link knockgate.gate.knock.Knocker} sends them.
 */
@NullMarked
package knockgate.gate.cli.knock;

import org.jspecify.annotations.NullMarked;
