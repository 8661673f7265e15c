package knockgate.gate.knock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import knockgate.rules.spa.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FwknopRcTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    Path file = folder.resolve("fwknoprc");
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aStanzaHoldsWhatItSaysAndWhatTheDefaultSays() throws IOException {
    Path file =
        file(
            """
            # keys of mine
            [default]
            FW_TIMEOUT   60   # one minute
            DIGEST_TYPE  SHA512
            [gate.example]
            SPA_SERVER: 192.0.2.1
            access      tcp/22,udp/53;comment
            FW_TIMEOUT  30
            #ALLOW_IP   192.0.2.9
            nonsense
            [other]
            SPA_SERVER  192.0.2.2
            """);
    FwknopRc rc = FwknopRc.read(file, "gate.example");
    assertThat(rc.get("SPA_SERVER")).isEqualTo("192.0.2.1");
    assertThat(rc.get("ACCESS")).isEqualTo("tcp/22,udp/53");
    assertThat(rc.get("FW_TIMEOUT", "0")).isEqualTo("30");
    assertThat(rc.get("DIGEST_TYPE")).isEqualTo("SHA512");
    assertThat(rc.get("ALLOW_IP")).isNull();
    assertThat(FwknopRc.read(file, "other").get("FW_TIMEOUT")).isEqualTo("60");
  }

  /** As fwknop 2.6.10 wrote it at --save-rc-stanza, with all that it may say and we understand. */
  @Test
  void whatTheRealClientSavesIsRead() throws IOException {
    Path file =
        file(
            """
            # .fwknoprc
            ##############################################################################
            #
            #[default]
            #ALLOW_IP            source
            [default]

            [two]
            DIGEST_TYPE                 SHA512
            SPA_SERVER_PROTO            udp
            SPA_SERVER_PORT             40000
            FW_TIMEOUT                  120
            TIME_OFFSET                 -3600
            ENCRYPTION_MODE             CFB
            SPOOF_USER                  bob
            ACCESS                      tcp/22,udp/53
            SPA_SERVER                  gate.example
            KEY                         pa ss#w;ord
            HMAC_DIGEST_TYPE            SHA3_256
            HMAC_KEY                    hmac=key
            USE_HMAC                    Y
            RESOLVE_IP_HTTPS            Y
            VERBOSE                     Y
            NO_SAVE_ARGS                Y

            """);
    FwknopRc rc = FwknopRc.read(file, "two");
    assertThat(rc.get("SPA_SERVER_PORT")).isEqualTo("40000");
    assertThat(rc.get("TIME_OFFSET")).isEqualTo("-3600");
    assertThat(rc.get("HMAC_DIGEST_TYPE")).isEqualTo("SHA3_256");
    assertThat(rc.key("KEY")).as("cut at the blank, as fwknop does").isEqualTo(Secret.ofText("pa"));
    assertThat(rc.key("HMAC_KEY")).isEqualTo(Secret.ofText("hmac=key"));
  }

  @Test
  void keysAreTextOrBase64AndNeverShown() throws IOException {
    FwknopRc rc =
        FwknopRc.read(file("[a]\nKEY open-sesame\nHMAC_KEY x\nHMAC_KEY_BASE64 b3Blbg==\n"), "a");
    assertThat(rc.key("KEY")).isEqualTo(Secret.ofText("open-sesame"));
    assertThat(rc.key("HMAC_KEY")).isEqualTo(Secret.ofText("open"));
    assertThat(rc.toString()).doesNotContain("sesame").doesNotContain("b3Blbg");
    assertThat(FwknopRc.empty().key("KEY")).isNull();
    FwknopRc broken = FwknopRc.read(file("[a]\nKEY_BASE64 !secret!\n"), "a");
    assertThatThrownBy(() -> broken.key("KEY"))
        .hasMessageStartingWith("KEY_BASE64: ")
        .hasMessageNotContaining("!secret!");
  }

  @ParameterizedTest
  @CsvSource({
    "SPA_SERVER_PROTO tcp,  SPA_SERVER_PROTO udp",
    "USE_GPG Y,             USE_GPG N",
    "RAND_PORT Y,           RAND_PORT n",
    "NAT_LOCAL Y,           NAT_LOCAL N",
    "SPA_SOURCE_PORT 4000,  SPA_SOURCE_PORT 0",
  })
  void whatThisClientCannotDoIsRefusedNotLeftOut(String wanted, String harmless)
      throws IOException {
    Path file = file("[a]\n" + wanted + "\n[b]\n" + harmless + "\n");
    assertThatThrownBy(() -> FwknopRc.read(file, "a"))
        .hasMessage(
            "[a] sets "
                + wanted.substring(0, wanted.indexOf(" "))
                + ", which this client cannot do; take it out");
    assertThat(FwknopRc.read(file, "b").get("SPA_SERVER")).isNull();
  }

  @Test
  void aStanzaOrFileThatIsNotThereIsSaid() throws IOException {
    Path file = file("[one]\n[two]\n");
    assertThatThrownBy(() -> FwknopRc.read(file, "three"))
        .hasMessage(file + " has no stanza [three]; it has [one, two]");
    assertThatThrownBy(() -> FwknopRc.read(folder.resolve("none"), "one"))
        .hasMessage("there is no file " + folder.resolve("none"));
  }

  @Test
  void aFileThatOthersMayReadIsRefused() throws IOException {
    Path file = file("[one]\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> FwknopRc.read(file, "one"))
        .hasMessageContaining("others may read or change")
        .hasMessageContaining("chmod 600 it");
  }
}
