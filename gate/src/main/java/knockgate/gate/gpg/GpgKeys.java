package knockgate.gate.gpg;

import static org.bouncycastle.bcpg.PublicKeyAlgorithmTags.DSA;
import static org.bouncycastle.bcpg.PublicKeyAlgorithmTags.ELGAMAL_ENCRYPT;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import knockgate.rules.spa.FwknopGpg;
import knockgate.rules.spa.GpgOpened;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.Reason;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignatureException;
import org.bouncycastle.openpgp.api.OpenPGPApi;
import org.bouncycastle.openpgp.api.OpenPGPCertificate;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPComponentKey;
import org.bouncycastle.openpgp.api.OpenPGPDefaultPolicy;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.bouncycastle.openpgp.api.OpenPGPKey.OpenPGPSecretKey;
import org.bouncycastle.openpgp.api.OpenPGPMessageInputStream;
import org.bouncycastle.openpgp.api.OpenPGPMessageProcessor;
import org.bouncycastle.openpgp.api.OpenPGPPolicy;
import org.bouncycastle.openpgp.api.OpenPGPSignature.OpenPGPDocumentSignature;
import org.bouncycastle.openpgp.api.bc.BcOpenPGPApi;
import org.jspecify.annotations.Nullable;

/**
 * The OpenPGP keys of one stanza, ready to use: secret keys without their passphrase, which would
 * cost a good part of a second for each message, and the certificates of those who may sign.
 * Immutable, but used by one thread.
 */
final class GpgKeys {
  /** The longest text that an fwknop message holds is below a third of this. */
  private static final int MAX_PLAIN = 4096;

  /** A few bytes may unpack to a few thousand million. */
  private static final int MAX_UNPACKED = 64 << 10;

  /** As strong as the library demands of RSA. */
  private static final int MIN_BITS = 2000;

  /** The library leaves out what gpg made before 2009, and still makes when told to. */
  private static final OpenPGPPolicy POLICY =
      new OpenPGPDefaultPolicy()
          .acceptPublicKeyAlgorithmWithMinimalStrength(DSA, MIN_BITS)
          .acceptPublicKeyAlgorithmWithMinimalStrength(ELGAMAL_ENCRYPT, MIN_BITS)
          .setMaximumDecompressedDataSize(MAX_UNPACKED);

  private static final OpenPGPApi OPEN_PGP = new BcOpenPGPApi(POLICY);

  private final List<OpenPGPKey> own;
  private final List<OpenPGPCertificate> signers;
  private final Set<String> fingerprints;

  private GpgKeys(
      List<OpenPGPKey> own, List<OpenPGPCertificate> signers, Set<String> fingerprints) {
    this.own = own;
    this.signers = signers;
    this.fingerprints = fingerprints;
  }

  /**
   * Reads the keys of a stanza.
   *
   * @throws IllegalArgumentException with a sentence that says why they cannot be read
   */
  static GpgKeys of(FwknopGpg seal) {
    List<OpenPGPKey> own = new ArrayList<>();
    for (OpenPGPCertificate key : read(seal.secretKeys(), "secret-key", "PRIVATE")) {
      own.add(unlocked((OpenPGPKey) key, seal.passphrase()));
    }
    Secret signerKeys = seal.signerKeys();
    List<OpenPGPCertificate> signers =
        signerKeys == null ? List.of() : read(signerKeys, "signer-keys", "PUBLIC");
    return new GpgKeys(own, signers, seal.signers());
  }

  /**
   * Checks that the keys are fit for what they are for, at some time: one that has expired, or
   * whose clock is not set yet, must not keep a whole policy from being used.
   *
   * @throws IllegalArgumentException with a sentence
   */
  void checkFit() {
    if (own.stream().noneMatch(key -> times(key).anyMatch(at -> mayEncrypt(key, at)))) {
      throw new IllegalArgumentException(
          "secret-key: nobody could ever encrypt to it; it is for signing only, or too weak");
    }
    for (String wanted : fingerprints) {
      if (signers.stream()
          .noneMatch(signer -> times(signer).anyMatch(at -> maySign(signer, wanted, at)))) {
        throw new IllegalArgumentException(
            "signers: no key of signer-keys has the fingerprint "
                + wanted
                + " and could ever sign; it is missing, for something else, or too weak");
      }
    }
  }

  /**
   * What keeps messages from being sent to these keys now, or signed by one that is required.
   *
   * @param epochMs the wall clock, milliseconds since 1970
   * @return sentences; none = nothing
   */
  List<String> faults(long epochMs) {
    Date now = Date.from(Instant.ofEpochMilli(epochMs));
    List<String> faults = new ArrayList<>();
    if (own.stream().noneMatch(key -> mayEncrypt(key, now))) {
      faults.add(
          "secret-key: nobody can encrypt to it now; it has expired, was revoked or is not valid"
              + " yet");
    }
    for (String wanted : fingerprints) {
      if (signers.stream().noneMatch(signer -> maySign(signer, wanted, now))) {
        faults.add(
            "signers: "
                + wanted
                + " may not sign now, so its messages are refused; it has expired, was revoked or"
                + " is not valid yet");
      }
    }
    return faults;
  }

  /** When something about a key was signed: if it is fit at all, then at one of these, or now. */
  private static Stream<Date> times(OpenPGPCertificate certificate) {
    SortedSet<Date> times = new TreeSet<>(Comparator.reverseOrder());
    times.add(Date.from(Instant.now()));
    for (PGPPublicKey key : certificate.getPGPPublicKeyRing()) {
      key.getSignatures().forEachRemaining(signature -> times.add(signature.getCreationTime()));
    }
    return times.stream();
  }

  private static boolean mayEncrypt(OpenPGPKey key, Date at) {
    return !key.getEncryptionKeys(at).isEmpty();
  }

  private static List<OpenPGPCertificate> read(Secret armored, String name, String kind) {
    String head = "-----BEGIN PGP " + kind + " KEY BLOCK-----";
    byte[] bytes = armored.copy();
    if (!new String(bytes, StandardCharsets.ISO_8859_1).stripLeading().startsWith(head)) {
      throw new IllegalArgumentException(
          name
              + ": it does not begin with "
              + head
              + "; let gpg --armor --export"
              + (kind.equals("PRIVATE") ? "-secret-keys" : "")
              + " write it");
    }
    try {
      List<OpenPGPCertificate> keys =
          OPEN_PGP.readKeyOrCertificate().parseKeysOrCertificates(bytes);
      if (!keys.isEmpty()) {
        return keys;
      }
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(name + ": it cannot be read as OpenPGP", e);
    }
    throw new IllegalArgumentException(name + ": there is no key in it");
  }

  /** The same key without a passphrase. */
  private static OpenPGPKey unlocked(OpenPGPKey key, @Nullable Secret passphrase) {
    char[] characters =
        passphrase == null
            ? null
            : new String(passphrase.copy(), StandardCharsets.UTF_8).toCharArray();
    List<OpenPGPSecretKey> unlocked = new ArrayList<>();
    for (OpenPGPSecretKey part : key.getSecretKeys().values()) {
      if (!part.isLocked()) {
        unlocked.add(part);
        continue;
      }
      if (characters == null) {
        throw new IllegalArgumentException(
            "passphrase: the secret key has one; write it, or passphrase-file");
      }
      try {
        unlocked.add(part.unlock(characters).removePassphrase());
      } catch (PGPException | RuntimeException e) {
        // The library's message may quote what it found: it is dropped on purpose.
        throw new IllegalArgumentException("passphrase: it does not open the secret key");
      }
    }
    return new OpenPGPKey(unlocked, OPEN_PGP.getImplementation(), POLICY);
  }

  /** Decrypts a message and verifies who signed it. Never throws, whatever the message is. */
  GpgOpened open(byte[] message, long epochMs) {
    OpenPGPMessageProcessor processor = OPEN_PGP.decryptAndOrVerifyMessage();
    own.forEach(processor::addDecryptionKey);
    signers.forEach(processor::addVerificationCertificate);
    try {
      OpenPGPMessageInputStream in = processor.process(new ByteArrayInputStream(message));
      byte[] plain = in.readNBytes(MAX_PLAIN + 1);
      if (plain.length > MAX_PLAIN) {
        return GpgOpened.refused(Reason.SPA_CIPHER);
      }
      in.close(); // reads the signatures, and throws where the text was altered
      if (!in.getResult().getEncryptionMethod().isEncrypted()) {
        return GpgOpened.refused(Reason.SPA_CIPHER);
      }
      if (fingerprints.isEmpty()) {
        return GpgOpened.of(plain, null);
      }
      String signer =
          signer(in.getResult().getSignatures(), Date.from(Instant.ofEpochMilli(epochMs)));
      return signer == null ? GpgOpened.refused(Reason.SPA_SIGNER) : GpgOpened.of(plain, signer);
    } catch (IOException | PGPException | RuntimeException | AssertionError e) {
      // Whatever a forged message does inside the library: it is none that decrypts. Packets nested
      // too deeply end there in an AssertionError.
      return GpgOpened.refused(Reason.SPA_CIPHER);
    }
  }

  /** Fingerprint of the first good signature's key that is required; null = there is none. */
  private @Nullable String signer(List<OpenPGPDocumentSignature> signatures, Date now)
      throws PGPSignatureException {
    for (OpenPGPDocumentSignature signature : signatures) {
      OpenPGPComponentKey key = signature.getIssuer();
      if (key != null
          && signature.isTestedCorrect()
          && signature.isValid(POLICY)
          && key.isSigningKey(now)
          && (fingerprints.contains(fingerprint(key))
              || fingerprints.contains(fingerprint(key.getCertificate().getPrimaryKey())))) {
        return fingerprint(key);
      }
    }
    return null;
  }

  /** Whether a certificate, or the one key of it that is wanted, may sign. */
  private static boolean maySign(OpenPGPCertificate certificate, String wanted, Date now) {
    boolean whole = fingerprint(certificate.getPrimaryKey()).equals(wanted);
    return certificate.getSigningKeys(now).stream()
        .anyMatch(key -> whole || fingerprint(key).equals(wanted));
  }

  private static String fingerprint(OpenPGPComponentKey key) {
    return HexFormat.of()
        .formatHex(key.getPGPPublicKey().getFingerprint())
        .toUpperCase(Locale.ROOT);
  }
}
