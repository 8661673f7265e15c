/**
 * OpenPGP for fwknop's GPG mode, and nothing else knows the library behind it. All of it runs off
 * the packet path: at policy load, and in the daemon's own thread for it.
 */
@NullMarked
package knockgate.gate.gpg;

import org.jspecify.annotations.NullMarked;
