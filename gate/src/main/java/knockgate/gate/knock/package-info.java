/** The client's side: sending knocks. */
@NullMarked
package knockgate.gate.knock;

import org.jspecify.annotations.NullMarked;
