/**
 * How the kernel talks: libnetfilter_queue and netlink through jnr-ffi. Begin with {@link
 * knockgate.nfq.QueueSocket}; what goes through it is in {@link knockgate.nfq.ReceiveBatch}, {@link
 * knockgate.nfq.PacketMessage} and {@link knockgate.nfq.VerdictBatch}.
 */
@NullMarked
package knockgate.nfq;

import org.jspecify.annotations.NullMarked;
