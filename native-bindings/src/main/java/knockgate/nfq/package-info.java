/** How the kernel talks: libnetfilter_queue and netlink through jnr-ffi. */
@NullMarked
package knockgate.nfq;

import org.jspecify.annotations.NullMarked;
