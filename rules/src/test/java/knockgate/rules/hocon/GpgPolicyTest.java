package knockgate.rules.hocon;

import static knockgate.rules.hocon.PolicyTexts.parse;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.Spa;
import knockgate.rules.spa.FwknopGpg;
import knockgate.rules.spa.FwknopSpa;
import knockgate.rules.spa.HashKind;
import knockgate.rules.spa.Secret;
import org.junit.jupiter.api.Test;

/** Stanzas in GPG mode: what they mean, and what is wrong with them. */
class GpgPolicyTest {
  private static final String ALICE = "0123456789ABCDEF0123456789ABCDEF01234567";
  private static final String SPACED = "0123 4567 89ab cdef 0123  4567 89ab cdef 0123 4567";
  private static final Secret FILE = Secret.ofText("what is in the file");

  @Test
  void everyKey() throws PolicyException {
    assertThat(
            gpg(
                "hmac-key = foo, hmac = sha512, gpg { secret-key-file = a, passphrase = open,"
                    + " signer-keys-file = b, signers = [ \""
                    + SPACED
                    + "\" ] }"))
        .isEqualTo(
            new FwknopGpg(
                FILE,
                Secret.ofText("open"),
                FILE,
                Set.of(ALICE),
                HashKind.SHA512,
                Secret.ofText("foo")));
  }

  @Test
  void whoSignsMayBeLeftToTheHmac() throws PolicyException {
    FwknopGpg gpg = gpg("hmac-key = foo, gpg { secret-key-file = a, unsigned = true }");
    assertThat(gpg.signers()).isEmpty();
    assertThat(gpg.hmac()).isEqualTo(HashKind.SHA256);
  }

  @Test
  void theHmacMayBeLeftOutOnRequest() throws PolicyException {
    FwknopGpg gpg =
        gpg(
            "insecure = true, gpg { secret-key-file = a, signer-keys-file = b, signers = [ \""
                + ALICE
                + "\" ] }");
    assertThat(gpg.hmacKey()).isNull();
    assertThat(gpg.signers()).containsExactly(ALICE);
  }

  @Test
  void mistakes() {
    String signed = "secret-key-file = a, signer-keys-file = b, signers = [ \"" + ALICE + "\" ]";
    String[][] rows = {
      {
        "gpg { " + signed + " }",
        "hmac-key: without one anybody makes the gate work; write one, or insecure = true"
      },
      {
        "hmac-key = h, key = k, gpg { " + signed + " }",
        "gpg: there is a key already; make two stanzas of it"
      },
      {
        "hmac-key = h, gpg { signer-keys-file = b, signers = [ \"" + ALICE + "\" ] }",
        "gpg.secret-key: no key decrypts the messages; write secret-key-file"
      },
      {
        "hmac-key = h, gpg { secret-key-file = a }",
        "gpg.signers: who signs the messages? write their fingerprints, and signer-keys-file"
      },
      {
        "hmac-key = h, gpg { secret-key-file = a, signers = [ \"" + ALICE + "\" ] }",
        "gpg.signers: who signs the messages? write their fingerprints, and signer-keys-file"
      },
      {
        "hmac-key = h, gpg { unsigned = true, " + signed + " }",
        "gpg.unsigned: there are signers, so it is not; take one of them out"
      },
      {
        "insecure = true, gpg { secret-key-file = a, unsigned = true }",
        "gpg: without a signer and without an HMAC anybody who has the public key gets in"
      },
      {
        "hmac-key = h, gpg { secret-key-file = a, signer-keys-file = b, signers = [ DEADBEEF ] }",
        "gpg: \"DEADBEEF\" is no fingerprint; write its 40 digits, without blanks"
      },
      {
        "hmac-key = h, gpg { secret-key-file = refused, " + signed.substring(21),
        "gpg.secret-key-file: others may read refused"
      },
      {
        "hmac-key = h, gpg { passphrase = wrong, " + signed + " }",
        "gpg: the passphrase does not open the key"
      },
    };
    for (String[] row : rows) {
      String expected = "policy:2: doors.d.spa.stanzas.a." + row[1];
      String text = row[0].endsWith("}") ? row[0] : row[0] + " }";
      assertThat(problems(text)).as(row[0]).containsExactly(expected);
    }
  }

  private static FwknopGpg gpg(String keys) throws PolicyException {
    Spa spa = (Spa) read(keys).doors().get(0).trigger();
    return (FwknopGpg) ((FwknopSpa) spa.dialect()).stanzas().get(0).keys();
  }

  private static List<String> problems(String keys) {
    try {
      read(keys);
      return List.of();
    } catch (PolicyException e) {
      return e.problems().stream().map(PolicyProblem::toString).toList();
    }
  }

  private static Policy read(String keys) throws PolicyException {
    String text =
        "doors { d { protects = [ \"tcp/22\" ]\n spa { dialect = fwknop, stanzas { a { "
            + keys
            + " } } } } }";
    return PolicyReader.read(
        parse(text, "policy"), null, GpgPolicyTest::file, GpgPolicyTest::check);
  }

  private static Secret file(String name) {
    if (name.equals("refused")) {
      throw new IllegalArgumentException("others may read " + name);
    }
    return FILE;
  }

  private static void check(FwknopGpg gpg) {
    if (Secret.ofText("wrong").equals(gpg.passphrase())) {
      throw new IllegalArgumentException("the passphrase does not open the key");
    }
  }
}
