package knockgate.nfq;

import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The calls of libnetfilter_queue that set a queue up (libnetfilter_queue.h). Public only because
 * jnr-ffi writes the class behind it at run time, in another package.
 *
 * <p>{@code nfq_handle_packet} is left out on purpose: the queue is created without a callback, and
 * the library would call it. {@code nfq_set_mode} too: see {@link QueueSetup}.
 */
public interface LibNetfilterQueue {
  /** A handle with its netlink socket, or null and errno. */
  @Nullable Pointer nfq_open();

  /** Closes the socket and frees the handle; 0, or -1 and errno. */
  int nfq_close(Pointer handle);

  /** The netlink socket of a handle. */
  int nfq_fd(Pointer handle);

  /** Binds a queue; null and errno when the kernel refuses. Callback and data stay null. */
  @Nullable Pointer nfq_create_queue(
      Pointer handle, int number, @Nullable Pointer callback, @Nullable Pointer data);

  /** How many packets the kernel holds for us; 0, or -1 and errno. */
  int nfq_set_queue_maxlen(Pointer queue, int length);

  /** Sets the flags of the mask to the given values; 0, or -1 and errno. */
  int nfq_set_queue_flags(Pointer queue, int mask, int flags);
}
