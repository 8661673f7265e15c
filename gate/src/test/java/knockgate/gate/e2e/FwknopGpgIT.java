package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Debian's fwknop in GPG mode with keys that Debian's gpg has just made: RSA, the elliptic curves
 * that gpg takes unless it is told otherwise, with which the real server fails, and DSA with
 * ElGamal, as gpg made them before 2009.
 */
class FwknopGpgIT {
  private static final String HMAC_KEY = "dGhyb3ctYXdheSBobWFjIGtleQ==";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"rsa2048", "default", "dsa2048"})
  void aSignedMessageOpens(String algorithm) throws IOException {
    try (Keyring keys = new Keyring(Files.createDirectory(folder.resolve("gpg")))) {
      String server = keys.generate("server", algorithm);
      String alice = keys.generate("alice", algorithm);
      String mallory = keys.generate("mallory", algorithm);
      Path secret = secret("server.asc", keys.export("--export-secret-keys", server));
      // both keys are there, one of them may sign
      Path signers = secret("signers.asc", keys.export("--export", alice, mallory));
      try (Scene scene = new Scene(policy(secret, signers, alice))) {
        scene.gate().awaitReady();
        Peer friend = scene.friend(Family.IPV4);
        fwknop(scene, keys, server, mallory).ok();
        Event refused = scene.gate().awaitEvent("a refusal", e -> isAbout(e, "spa-signer"));
        assertThat(refused.field("peer")).isEqualTo(Family.IPV4.friend());
        assertThat(friend.gets(Family.IPV4.server, 22)).as("signed by another").isFalse();

        fwknop(scene, keys, server, alice).ok();
        Event opened = scene.gate().awaitEvent("the door to open", e -> isAbout(e, "spa-opened"));
        assertThat(opened.field("stanza")).isEqualTo("alice");
        assertThat(opened.field("signer")).isEqualTo(alice);
        assertThat(friend.gets(Family.IPV4.server, 22)).as("%s", scene.gate()).isTrue();
        assertThat(scene.stranger(Family.IPV4).gets(Family.IPV4.server, 22)).isFalse();
      }
    }
  }

  private static boolean isAbout(Event event, String reason) {
    return event.field("reason").equals(reason);
  }

  /** Sends one message from the friend's address. */
  private static Run fwknop(Scene scene, Keyring keys, String recipient, String signer) {
    return scene
        .wire()
        .client()
        .run(
            "env",
            "HOME=" + keys.home(),
            "fwknop",
            "-A",
            "tcp/22",
            "-a",
            Family.IPV4.friend(),
            "-D",
            Family.IPV4.server,
            "--gpg-encryption",
            "--gpg-home-dir",
            keys.home().toString(),
            "--gpg-recipient-key",
            recipient,
            "--gpg-signer-key",
            signer,
            "--gpg-no-signing-pw",
            "--use-hmac",
            "--key-base64-hmac",
            HMAC_KEY);
  }

  private static String policy(Path secret, Path signers, String signer) {
    return """
    doors {
      ssh {
        protects = [ "tcp/22" ]
        spa {
          dialect = fwknop
          stanzas {
            alice {
              hmac-key-base64 = "%s"
              gpg {
                secret-key-file = "%s"
                signer-keys-file = "%s"
                signers = [ "%s" ]
              }
            }
          }
        }
      }
    }
    """
        .formatted(HMAC_KEY, secret, signers, signer);
  }

  private Path secret(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** A gpg home of its own, and the agent that gpg starts for it. */
  private record Keyring(Path home) implements AutoCloseable {
    Keyring {
      Run.of("chmod", "700", home.toString()).ok();
    }

    /** Makes a key that can sign and be encrypted to; its fingerprint. */
    String generate(String name, String algorithm) {
      gpg("--quick-generate-key", name, algorithm, "default", "never");
      String fingerprint =
          gpg("--with-colons", "--fingerprint", name)
              .lines()
              .filter(line -> line.startsWith("fpr:"))
              .findFirst()
              .orElseThrow()
              .replaceAll("[^0-9A-F]", "");
      if (!algorithm.equals("default")) {
        String encryption = algorithm.replace("dsa", "elg"); // DSA signs only
        gpg("--quick-add-key", fingerprint, encryption, "encr", "never");
      }
      return fingerprint;
    }

    String export(String how, String... keys) {
      List<String> words = new ArrayList<>(List.of("--armor", how));
      words.addAll(List.of(keys));
      return gpg(words.toArray(String[]::new));
    }

    private String gpg(String... words) {
      List<String> command =
          new ArrayList<>(List.of("gpg", "--homedir", home.toString(), "--batch", "--quiet"));
      command.addAll(List.of("--pinentry-mode", "loopback", "--passphrase", ""));
      command.addAll(List.of(words));
      return Run.of(command.toArray(String[]::new)).ok().out();
    }

    @Override
    public void close() {
      Run.of("gpgconf", "--homedir", home.toString(), "--kill", "all").ok();
    }
  }
}
