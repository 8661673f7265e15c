package knockgate.nfq;

import jnr.ffi.annotations.In;

/** Calls that change the calling thread only. */
public interface LinuxThread {
  /** unshare(2). */
  int unshare(int flags);

  /** capset(2), with the header and data of linux/capability.h, version 3. */
  int capset(@In int[] header, @In int[] data);

  /** setpriority(2); which = 0 and who = 0: how nice the calling thread is. */
  int setpriority(int which, int who, int nice);
}
