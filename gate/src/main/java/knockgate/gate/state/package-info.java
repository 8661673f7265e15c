/** What outlives the daemon: grants and used messages, in a snapshot and a journal beside it. */
@NullMarked
package knockgate.gate.state;

import org.jspecify.annotations.NullMarked;
