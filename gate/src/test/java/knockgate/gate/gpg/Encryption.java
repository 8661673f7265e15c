package knockgate.gate.gpg;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.openpgp.PGPEncryptedDataGenerator;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.bouncycastle.openpgp.api.bc.BcOpenPGPApi;
import org.bouncycastle.openpgp.operator.bc.BcPGPDataEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyKeyEncryptionMethodGenerator;

/** Encrypts whatever bytes to a key, as everybody can who has its public half. */
final class Encryption {
  private static final int AES_256 = 9;

  private final PGPPublicKey recipient;

  /**
   * @param secretKey the receiver's, armored
   * @param epochMs a time when the key was valid
   */
  Encryption(String secretKey, long epochMs) throws IOException {
    OpenPGPKey key = new BcOpenPGPApi().readKeyOrCertificate().parseKey(secretKey);
    Date then = Date.from(Instant.ofEpochMilli(epochMs));
    recipient = key.getEncryptionKeys(then).get(0).getPGPPublicKey();
  }

  /** An OpenPGP message that holds these packets. */
  byte[] of(byte[] packets) {
    PGPEncryptedDataGenerator generator =
        new PGPEncryptedDataGenerator(
            new BcPGPDataEncryptorBuilder(AES_256).setWithIntegrityPacket(true));
    generator.addMethod(new BcPublicKeyKeyEncryptionMethodGenerator(recipient));
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    try (OutputStream out = generator.open(message, packets.length)) {
      out.write(packets);
    } catch (IOException | PGPException e) {
      throw new IllegalStateException(e);
    }
    return message.toByteArray();
  }
}
