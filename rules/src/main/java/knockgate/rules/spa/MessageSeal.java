package knockgate.rules.spa;

import org.jspecify.annotations.Nullable;

/** How the messages of one stanza are sealed: by a key that both sides have, or by OpenPGP. */
public sealed interface MessageSeal permits FwknopKeys, FwknopGpg {
  /** The longest HMAC key that the client's manual allows, in bytes. */
  int MAX_HMAC_KEY = 128;

  /** The kind of the HMAC; null = none is sent. */
  @Nullable HashKind hmac();

  /** The key of the HMAC; null = none is sent. */
  @Nullable Secret hmacKey();
}
