package knockgate.gate.cli.knock;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.knock.FwknopRc;
import knockgate.rules.spa.CipherMode;
import knockgate.rules.spa.FwknopKeys;
import knockgate.rules.spa.HashKind;
import knockgate.rules.spa.Secret;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say how an fwknop message is sealed; a mixin. An rc stanza says the rest. */
final class FwknopSeal {
  @Option(names = "--key-file", paramLabel = "FILE", description = "the key")
  private @Nullable Path keyFile;

  @Option(names = "--hmac-key-file", paramLabel = "FILE", description = "the key of the HMAC")
  private @Nullable Path hmacKeyFile;

  @Option(names = "--base64", description = "the keys outside of the rc file are in base64")
  private boolean base64;

  @Option(names = "--no-hmac", description = "send no HMAC; a gate takes this only if told so")
  private boolean noHmac;

  @Option(
      names = {"-m", "--digest-type"},
      paramLabel = "HASH",
      description = "the digest inside (default: sha256)")
  private @Nullable String digest;

  @Option(
      names = "--hmac-digest-type",
      paramLabel = "HASH",
      description = "the hash of the HMAC (default: sha256)")
  private @Nullable String hmac;

  @Option(
      names = {"-M", "--encryption-mode"},
      paramLabel = "MODE",
      description = "cbc, legacy, cfb, ofb, ctr or ecb (default: cbc)")
  private @Nullable String mode;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /**
   * Keys, mode and HMAC.
   *
   * @throws Failure if a key is not to be found, or its file is refused
   */
  FwknopKeys keys(FwknopRc rc) {
    CipherMode cipher = mode(mode == null ? rc.get("ENCRYPTION_MODE", "cbc") : mode);
    Secret key = keyFile == null ? rc.key("KEY") : null;
    if (key == null) {
      key = decoded(ClientSecret.of("key", "--key-file", "KNOCKGATE_KEY").find(keyFile));
    }
    try {
      return isWithoutHmac(rc)
          ? new FwknopKeys(cipher, key, null, null)
          : new FwknopKeys(
              cipher,
              key,
              hash(hmac == null ? rc.get("HMAC_DIGEST_TYPE", "sha256") : hmac),
              hmacKey(rc));
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.NOT_SO, String.valueOf(e.getMessage()), e);
    }
  }

  /** The kind of the digest inside. */
  HashKind digest(FwknopRc rc) {
    return hash(digest == null ? rc.get("DIGEST_TYPE", "sha256") : digest);
  }

  private boolean isWithoutHmac(FwknopRc rc) {
    return noHmac || (hmacKeyFile == null && rc.get("USE_HMAC", "y").equalsIgnoreCase("n"));
  }

  private Secret hmacKey(FwknopRc rc) {
    Secret key = hmacKeyFile == null ? rc.key("HMAC_KEY") : null;
    return key != null
        ? key
        : decoded(
            ClientSecret.of("HMAC key", "--hmac-key-file", "KNOCKGATE_HMAC_KEY").find(hmacKeyFile));
  }

  private Secret decoded(Secret secret) {
    try {
      return base64 ? secret.fromBase64() : secret;
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.NOT_SO, String.valueOf(e.getMessage()), e);
    }
  }

  private CipherMode mode(String word) {
    return Arrays.stream(CipherMode.values())
        .filter(known -> known.word().equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(
            () ->
                Misuse.of(
                    command,
                    "\"" + word + "\" is no mode; write cbc, legacy, cfb, ofb, ctr or ecb"));
  }

  /** As the policy writes it, or as fwknop does: SHA3_256. */
  private HashKind hash(String word) {
    String ours = word.toLowerCase(Locale.ROOT).replace('_', '-');
    return Arrays.stream(HashKind.values())
        .filter(known -> known.word().equals(ours))
        .findFirst()
        .orElseThrow(
            () ->
                Misuse.of(
                    command,
                    "\""
                        + word
                        + "\" is no hash; write "
                        + Arrays.stream(HashKind.values())
                            .map(HashKind::word)
                            .collect(Collectors.joining(", "))));
  }
}
