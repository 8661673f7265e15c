package knockgate.rules.hocon;

import com.typesafe.config.ConfigValue;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import knockgate.rules.spa.FwknopGpg;
import knockgate.rules.spa.HashKind;
import knockgate.rules.spa.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code gpg}, in a stanza instead of {@code key}. Keys are armored text, as {@code gpg
 * --armor --export} and {@code --export-secret-keys} write it.
 *
 * <pre>
 * gpg {
 *   secret-key-file  = "server.asc"     # the receiver's; or secret-key
 *   passphrase-file  = "server.pass"    # or passphrase; not written: the key has none
 *   signer-keys-file = "alice.asc"      # public keys of those who may sign; or signer-keys
 *   signers = [ "0123 ... 40 digits" ]  # their fingerprints; of a primary key: and its subkeys
 *   unsigned = false                    # true: nobody need sign, the HMAC tells who sent it
 * }
 * </pre>
 */
final class GpgReader {
  private GpgReader() {}

  /**
   * The seal of a stanza.
   *
   * @param gpg the block of that name
   * @param hmac the kind of the HMAC
   * @param hmacKey null = there is none
   * @return null after a mistake
   */
  static @Nullable FwknopGpg read(
      Block gpg, HashKind hmac, @Nullable Secret hmacKey, SecretReader secrets) {
    Secret secretKeys = secrets.text(gpg, "secret-key");
    Secret passphrase = secrets.text(gpg, "passphrase");
    Secret signerKeys = secrets.text(gpg, "signer-keys");
    Set<String> signers =
        gpg.has("signers")
            ? new TreeSet<>(gpg.list("signers", "\"0123...\"", GpgReader::digits))
            : Set.of();
    boolean unsigned = gpg.flag("unsigned", false);
    if (!SecretReader.isWritten(gpg, "secret-key")) {
      gpg.problem("secret-key", "no key decrypts the messages; write secret-key-file");
    }
    checkSigners(gpg, unsigned);
    boolean signersFit = unsigned ? !hasSigners(gpg) : signerKeys != null && !signers.isEmpty();
    boolean passphraseFits = passphrase != null || !SecretReader.isWritten(gpg, "passphrase");
    if (secretKeys == null || !signersFit || !passphraseFits) {
      return null;
    }
    try {
      HashKind kind = hmacKey == null ? null : hmac;
      FwknopGpg seal = new FwknopGpg(secretKeys, passphrase, signerKeys, signers, kind, hmacKey);
      secrets.keyCheck().accept(seal);
      return seal;
    } catch (IllegalArgumentException e) {
      gpg.problem(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static void checkSigners(Block gpg, boolean unsigned) {
    if (unsigned && hasSigners(gpg)) {
      gpg.problem("unsigned", "there are signers, so it is not; take one of them out");
    }
    if (!unsigned && (!gpg.has("signers") || !SecretReader.isWritten(gpg, "signer-keys"))) {
      gpg.problem(
          "signers", "who signs the messages? write their fingerprints, and signer-keys-file");
    }
  }

  private static boolean hasSigners(Block gpg) {
    return gpg.has("signers") || SecretReader.isWritten(gpg, "signer-keys");
  }

  /** Blanks are allowed, as gpg itself prints them. */
  private static String digits(ConfigValue fingerprint) {
    return Scalar.text(fingerprint).replace(" ", "").toUpperCase(Locale.ROOT);
  }
}
