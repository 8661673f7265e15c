package knockgate.rules.spa;

/**
 * Reads OpenPGP for {@link knockgate.rules.SealedJudge}. The library for it is no part of this
 * module, hence this door between the two.
 */
@FunctionalInterface
public interface GpgOpener {
  /**
   * Decrypts a message and verifies who signed it. Never throws, whatever the message is.
   *
   * @param seal whose keys to use
   * @param message not changed
   * @param epochMs the wall clock, milliseconds since 1970: a key that has expired signs nothing
   */
  GpgOpened open(FwknopGpg seal, byte[] message, long epochMs);
}
