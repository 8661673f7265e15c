package knockgate.nfq;

/** The native libraries, before anybody needs them. */
public final class NativePart {
  private NativePart() {}

  /**
   * Begins to load them, on a thread of its own: it takes longer than to read a policy. If they
   * cannot be had, nothing is said here; {@link QueueSocket#open} finds the same and says it.
   */
  public static void loadAhead() {
    Thread loader = new Thread(NativePart::load, "native-part");
    loader.setDaemon(true);
    loader.start();
  }

  private static void load() {
    try {
      NativeLibraries.get();
    } catch (NativeException | LinkageError toldLater) {
      // whoever needs them fails in the same way
    }
  }
}
