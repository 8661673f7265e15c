package knockgate.nfq;

import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Platform;
import jnr.ffi.Runtime;

/**
 * The two libraries, loaded, and where their errno is read.
 *
 * @param c the C library
 * @param queue libnetfilter_queue
 * @param runtime the runtime both were loaded by
 */
record NativeLibraries(LibC c, LibNetfilterQueue queue, Runtime runtime) {
  /** By soname: the bare name exists only where the development package is installed. */
  private static final String SONAME = "libnetfilter_queue.so.1";

  /** Once: each load makes jnr-ffi write and compile two more classes, some 30 ms for a lane. */
  private static final class Loaded {
    static final NativeLibraries LIBRARIES;

    static {
      try {
        LIBRARIES = load(SONAME);
      } catch (NativeException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }

  /**
   * Both libraries, loaded at the first call.
   *
   * @throws NativeException UNSUPPORTED on anything but 64-bit Linux, MISSING_LIBRARY when one
   *     cannot be loaded
   */
  static NativeLibraries get() throws NativeException {
    try {
      return Loaded.LIBRARIES;
    } catch (LinkageError e) {
      return load(SONAME); // Fails again, and says why.
    }
  }

  static NativeLibraries load(String queueSoname) throws NativeException {
    LibC c = loadC(LibC.class);
    Runtime runtime = Runtime.getRuntime(c);
    requireLayout(Platform.getNativePlatform().getOS(), runtime.addressSize());
    LibNetfilterQueue queue =
        load(
            LibNetfilterQueue.class,
            queueSoname,
            queueSoname,
            "install it with: apt install libnetfilter-queue1");
    return new NativeLibraries(c, queue, runtime);
  }

  /** struct mmsghdr and struct iovec are laid out by hand, for 64-bit Linux. */
  static void requireLayout(Platform.OS os, int addressBytes) throws NativeException {
    if (os != Platform.OS.LINUX || addressBytes != Long.BYTES) {
      throw new NativeException(
          NativeException.Kind.UNSUPPORTED,
          "start on " + os + " with " + addressBytes * Byte.SIZE + "-bit addresses",
          0,
          "NFQUEUE needs Linux, and the message layout here is for a 64-bit Java");
    }
  }

  /**
   * Calls of the C library, which every process has (asked for by name, jnr-ffi looks through all
   * folders of libraries), with the only reasons why they could be missing.
   */
  static <T> T loadC(Class<T> calls) throws NativeException {
    return load(
        calls,
        "the C library",
        LibraryLoader.DEFAULT_LIBRARY,
        "jnr-ffi has no native part for this machine, or could not unpack it: name a directory"
            + " that allows execution with -Djffi.extract.dir=DIR");
  }

  private static <T> T load(Class<T> calls, String name, String library, String hint)
      throws NativeException {
    try {
      return LibraryLoader.create(calls).failImmediately().load(library);
    } catch (UnsatisfiedLinkError e) {
      throw new NativeException(NativeException.Kind.MISSING_LIBRARY, "load " + name, 0, hint, e);
    }
  }

  /** The errno of this thread's last native call; only until its next one. */
  int errno() {
    return LastError.getLastError(runtime);
  }
}
