/** The daemon and the command: wiring, threads, files, sockets, command line. */
@NullMarked
package knockgate.gate;

import org.jspecify.annotations.NullMarked;
