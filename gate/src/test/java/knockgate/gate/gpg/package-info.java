/** GPG messages: those of the real client, and those that nobody should take. */
@NullMarked
package knockgate.gate.gpg;

import org.jspecify.annotations.NullMarked;
