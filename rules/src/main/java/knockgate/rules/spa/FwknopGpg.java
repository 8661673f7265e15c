package knockgate.rules.spa;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the messages of a stanza in GPG mode are sealed (specs, fwknop-spa.md, 5). Only data: who can
 * read OpenPGP is elsewhere, and works off the packet path.
 *
 * @param secretKeys the receiver's, as armored text
 * @param passphrase of the secret keys; null = they have none
 * @param signerKeys public keys of those who may sign, as armored text; null = {@code signers} is
 *     empty
 * @param signers who must have signed: the fingerprint of a key, or of the primary key that it
 *     belongs to, as 40 digits {@code 0-9A-F}; empty = nobody need sign, and the HMAC alone tells
 *     who sent it
 * @param hmac the kind of the HMAC; null = none is sent
 * @param hmacKey the key of the HMAC, 1 to {@link #MAX_HMAC_KEY} bytes; null = none
 */
public record FwknopGpg(
    Secret secretKeys,
    @Nullable Secret passphrase,
    @Nullable Secret signerKeys,
    Set<String> signers,
    @Nullable HashKind hmac,
    @Nullable Secret hmacKey)
    implements MessageSeal {
  private static final Pattern FINGERPRINT = Pattern.compile("[0-9A-F]{40}");

  public FwknopGpg {
    signers = Set.copyOf(signers);
    if ((hmac == null) != (hmacKey == null)) {
      throw new IllegalArgumentException("an HMAC needs both its kind and its key");
    }
    if (hmacKey != null && hmacKey.length() > MAX_HMAC_KEY) {
      throw new IllegalArgumentException(
          "an fwknop HMAC key has at most " + MAX_HMAC_KEY + " bytes");
    }
    if ((signerKeys == null) != signers.isEmpty()) {
      throw new IllegalArgumentException("signers need both their keys and their fingerprints");
    }
    if (signers.isEmpty() && hmac == null) {
      throw new IllegalArgumentException(
          "without a signer and without an HMAC anybody who has the public key gets in");
    }
    for (String signer : signers) {
      if (!FINGERPRINT.matcher(signer).matches()) {
        throw new IllegalArgumentException(
            "\"" + signer + "\" is no fingerprint; write its 40 digits, without blanks");
      }
    }
  }
}
