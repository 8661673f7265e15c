package knockgate.rules.policy;

/**
 * The kernel queues that the gate serves.
 *
 * @param number NFQUEUE number of the first lane, 0 to 65535
 * @param count lanes, with consecutive numbers
 * @param length packets that the kernel holds for each lane
 * @param failOpen what the kernel does with packets when the queue is full: true = accept them
 * @param threads 1 = one thread reads and decides, 2 = two threads, 0 = the gate chooses
 * @param kernelSet whether packets to ports that mean nothing reach the gate only from peers in the
 *     middle of a strict sequence, by a kernel set that the gate keeps; otherwise from everyone
 */
public record QueueSpec(
    int number, int count, int length, boolean failOpen, int threads, boolean kernelSet) {}
