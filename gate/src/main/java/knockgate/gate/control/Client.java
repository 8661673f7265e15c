package knockgate.gate.control;

/**
 * Who asks, as the kernel says it.
 *
 * @param access what it may do
 * @param user its user's name, or the number of one that has none
 */
record Client(Access access, String user) {}
