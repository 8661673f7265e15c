package knockgate.gate.gpg;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import knockgate.rules.policy.Policy;
import knockgate.rules.spa.FwknopGpg;
import knockgate.rules.spa.GpgOpened;
import knockgate.rules.spa.HashKind;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.Reason;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.bouncycastle.openpgp.api.OpenPGPKeyEditor;
import org.bouncycastle.openpgp.api.bc.BcOpenPGPApi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Keys of a stanza: what can be used, and what is said of what cannot. */
class GpgKeysTest {
  private static final GpgVector VECTOR =
      GpgVector.shipped().stream().filter(GpgVector::isSigned).findFirst().orElseThrow();

  /** Made by gpg for the year 2020: ed25519 to sign, cv25519 to encrypt to. */
  private static final String EXPIRED = "4FB13BF588F624E5CE23102A15DFD797D8A0ED5F";

  private static final String NOBODY = "0123456789ABCDEF0123456789ABCDEF01234567";

  @Test
  void theRecordedKeysAreUsable() {
    for (GpgVector vector : GpgVector.shipped()) {
      if (vector.isSigned()) {
        FwknopGpg seal = seal(vector.secretKey(), null, vector.signerKey(), vector.signer());
        GpgKeys keys = GpgKeys.of(seal);
        keys.checkFit();
        assertThat(keys.faults(vector.epochMs())).isEmpty();
      }
    }
  }

  @Test
  void aPassphraseIsAskedForOnceAndMustBeRight() throws IOException, PGPException {
    String locked = locked(VECTOR.secretKey(), "open sesame");
    GpgKeys keys = GpgKeys.of(seal(locked, "open sesame", VECTOR.signerKey(), VECTOR.signer()));
    GpgOpened opened = keys.open(message(), VECTOR.epochMs());
    assertThat(opened.refusal()).isNull();
    assertThat(opened.signer()).isEqualTo(VECTOR.signer());
    assertRefused(
        seal(locked, null, VECTOR.signerKey(), VECTOR.signer()),
        "passphrase: the secret key has one; write it, or passphrase-file");
    assertRefused(
        seal(locked, "xyzzy", VECTOR.signerKey(), VECTOR.signer()),
        "passphrase: it does not open the secret key");
  }

  @Test
  void whatIsWrongWithKeysIsSaidWithoutRepeatingThem() {
    String server = VECTOR.secretKey();
    String client = VECTOR.signerKey();
    assertRefused(
        seal("xyzzy", null, client, VECTOR.signer()),
        "secret-key: it does not begin with -----BEGIN PGP PRIVATE KEY BLOCK-----; let gpg --armor"
            + " --export-secret-keys write it");
    assertRefused(
        seal(client, null, client, VECTOR.signer()),
        "secret-key: it does not begin with -----BEGIN PGP PRIVATE KEY BLOCK-----; let gpg --armor"
            + " --export-secret-keys write it");
    assertRefused(
        seal(server.substring(0, 200), null, client, VECTOR.signer()),
        "secret-key: it cannot be read as OpenPGP");
    assertRefused(
        seal(server, null, server, VECTOR.signer()),
        "signer-keys: it does not begin with -----BEGIN PGP PUBLIC KEY BLOCK-----; let gpg --armor"
            + " --export write it");
    assertRefused(
        seal(server, null, client, NOBODY),
        "signers: no key of signer-keys has the fingerprint "
            + NOBODY
            + " and could ever sign; it is missing, for something else, or too weak");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = requireNonNull(GpgKeysTest.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @Test
  void keysWhoseTimeIsOverOrHasNotComeAreNoMistakeOfThePolicy() throws IOException {
    String server = resource("expired-secret.asc");
    String client = resource("expired-public.asc");
    GpgKeys keys = GpgKeys.of(seal(server, null, client, EXPIRED));
    keys.checkFit();
    for (String day : List.of("2019-12-31", "2026-11-22")) {
      assertThat(keys.faults(Instant.parse(day + "T00:00:00Z").toEpochMilli()))
          .containsExactly(
              "secret-key: nobody can encrypt to it now; it has expired, was revoked or is not"
                  + " valid yet",
              "signers: "
                  + EXPIRED
                  + " may not sign now, so its messages are refused; it has expired, was revoked"
                  + " or is not valid yet");
    }
    assertThat(keys.faults(Instant.parse("2020-06-01T00:00:00Z").toEpochMilli())).isEmpty();
  }

  @Test
  void theWarningNamesTheStanza() throws IOException {
    String stanza =
        "a { hmac-key = hush, gpg { secret-key = \"\"\"%s\"\"\", unsigned = true } }"
            .formatted(resource("expired-secret.asc"));
    Policy policy =
        GpgGate.policy(
            "doors { ssh { protects = [ tcp/22 ], spa { dialect = fwknop, stanzas { "
                + stanza
                + " } } } }");
    assertThat(UntimelyKeys.of(policy))
        .containsExactly(
            entry(
                "doors.ssh.spa.stanzas.a.gpg",
                "secret-key: nobody can encrypt to it now; it has expired, was revoked or is not"
                    + " valid yet"));
  }

  @Test
  void aSignatureIsWorthNothingWhenItsKeyIsNotValid() throws IOException, PGPException {
    GpgKeys keys = GpgKeys.of(seal(VECTOR.secretKey(), null, VECTOR.signerKey(), VECTOR.signer()));
    assertThat(keys.open(message(), VECTOR.epochMs()).refusal()).isNull();
    // before the key was made
    assertThat(keys.open(message(), 0).refusal()).isEqualTo(Reason.SPA_SIGNER);
  }

  @Test
  void nothingButAMessageDecrypts() {
    GpgKeys keys = GpgKeys.of(seal(VECTOR.secretKey(), null, VECTOR.signerKey(), VECTOR.signer()));
    for (byte[] bytes : List.of(new byte[0], new byte[1], new byte[1000])) {
      assertThat(keys.open(bytes, VECTOR.epochMs()).refusal()).isEqualTo(Reason.SPA_CIPHER);
    }
  }

  private static byte[] message() {
    return Base64.getDecoder().decode(VECTOR.prefix() + VECTOR.body());
  }

  private static String locked(String armored, String passphrase) throws IOException, PGPException {
    BcOpenPGPApi api = new BcOpenPGPApi();
    OpenPGPKey key = api.readKeyOrCertificate().parseKey(armored);
    OpenPGPKeyEditor editor = api.editKey(key);
    for (var id : key.getSecretKeys().keySet()) {
      editor.changePassphrase(id, (char[]) null, passphrase.toCharArray(), false);
    }
    return editor.done().toAsciiArmoredString();
  }

  @Test
  void aKeyOfTooFewBitsIsNotCalledOneForSigningOnly() throws IOException {
    String weak = resource("weak-secret.asc"); // RSA, 1024 bits, to sign and to encrypt to
    assertRefused(
        seal(weak, null, VECTOR.signerKey(), VECTOR.signer()),
        "secret-key: nobody could ever encrypt to it; it is for signing only, or too weak");
  }

  private static void assertRefused(FwknopGpg seal, String sentence) {
    assertThatThrownBy(() -> GpgKeys.of(seal).checkFit())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }

  private static FwknopGpg seal(
      String secretKey, @Nullable String passphrase, String signerKey, String signer) {
    return new FwknopGpg(
        Secret.ofText(secretKey),
        passphrase == null ? null : Secret.ofText(passphrase),
        Secret.ofText(signerKey),
        Set.of(signer),
        HashKind.SHA256,
        Secret.ofText("hush"));
  }
}
