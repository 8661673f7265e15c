package knockgate.rules.policy;

/**
 * Bounds of the gate's memory and work.
 *
 * @param attempts most peers in the middle of a sequence
 * @param grants most grants at a time
 * @param firstKnocksPerSecond first knocks that one prefix may send a second; 0 = without limit
 * @param prefixV4 prefix length that shares that budget, IPv4, 1 to 32
 * @param prefixV6 the same for IPv6, 1 to 128
 */
public record Limits(
    int attempts, int grants, int firstKnocksPerSecond, int prefixV4, int prefixV6) {}
