package knockgate.gate.gpg;

import java.util.function.Consumer;
import knockgate.rules.spa.FwknopGpg;

/** Says at policy load what would keep a stanza's OpenPGP keys from ever working. */
public final class GpgKeyCheck implements Consumer<FwknopGpg> {
  /**
   * Checks a stanza's keys.
   *
   * @throws IllegalArgumentException with a sentence
   */
  @Override
  public void accept(FwknopGpg seal) {
    GpgKeys.of(seal).checkFit();
  }
}
