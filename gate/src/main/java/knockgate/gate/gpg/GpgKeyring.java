package knockgate.gate.gpg;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import knockgate.rules.spa.FwknopGpg;
import knockgate.rules.spa.GpgOpened;
import knockgate.rules.spa.GpgOpener;

/**
 * The OpenPGP keys of all stanzas, each read once; that they can be read was checked when the
 * policy was. Owned by the thread that decrypts.
 */
public final class GpgKeyring implements GpgOpener {
  private final Map<FwknopGpg, GpgKeys> keys = new HashMap<>();

  /** Forgets the keys of a policy that is no more; those of the next are read when needed. */
  public void clear() {
    keys.clear();
  }

  /**
   * Reads the keys now, so that the first message need not wait.
   *
   * @param epochMs the wall clock, milliseconds since 1970
   * @return what keeps them from being used now, in sentences
   */
  public List<String> prepare(FwknopGpg seal, long epochMs) {
    return keys.computeIfAbsent(seal, GpgKeys::of).faults(epochMs);
  }

  @Override
  public GpgOpened open(FwknopGpg seal, byte[] message, long epochMs) {
    return keys.computeIfAbsent(seal, GpgKeys::of).open(message, epochMs);
  }
}
