package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.fault.FileTrouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code knockgate keygen}: secrets out of the system's random numbers. */
@Command(
    name = "keygen",
    header = "Make secrets.",
    description = {
      "%nNothing is kept: what is printed, or written with -o, is all there is.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate keygen                      a key and an HMAC key for fwknop, both ends",
      "  knockgate keygen pknock               an open and a close secret",
      "  knockgate keygen -o imap.secret rotating      for secret-file in the policy",
    })
final class KeygenCommand implements Runnable {
  /** What secrets are for. */
  enum Kind {
    fwknop,
    pknock,
    rotating
  }

  private static final int KEY = 32;
  private static final int HMAC_KEY = 64;

  /** 22 characters of base64 hold these, and xt_pknock keeps 31. */
  private static final int SHORT_SECRET = 16;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "KIND",
      defaultValue = "fwknop",
      description = "fwknop, pknock or rotating (default: ${DEFAULT-VALUE})")
  private Kind kind = Kind.fwknop;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "write into this file, which only its owner may read; one that is there keeps owner and"
              + " group, and the group may read it where it might before. One secret as the keys"
              + " open-secret-file and secret-file take it; for fwknop, the lines of a stanza")
  private @Nullable Path output;

  @Spec private @Nullable CommandSpec spec;

  private final SecureRandom random = new SecureRandom();

  @Override
  public void run() {
    String text =
        switch (kind) {
          case fwknop -> fwknop();
          case pknock -> output == null ? pknock() : text(SHORT_SECRET) + "\n";
          case rotating -> output == null ? "secret = \"" + text(KEY) + "\"\n" : text(KEY) + "\n";
        };
    if (output == null) {
      requireNonNull(spec).commandLine().getOut().print(text);
    } else {
      write(output, text);
    }
  }

  private String pknock() {
    return "open-secret  = \"%s\"\nclose-secret = \"%s\"\n"
        .formatted(text(SHORT_SECRET), text(SHORT_SECRET));
  }

  private String fwknop() {
    String key = base64(KEY);
    String hmacKey = base64(HMAC_KEY);
    return """
        # in the stanza of the policy
        key-base64      = "%s"
        hmac-key-base64 = "%s"
        # in the stanza of .fwknoprc
        KEY_BASE64      %s
        HMAC_KEY_BASE64 %s
        USE_HMAC        Y
        """
        .formatted(key, hmacKey, key, hmacKey);
  }

  private static void write(Path file, String text) {
    try {
      OwnerOnly.write(file, text);
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT, file + " cannot be written: " + FileTrouble.reason(e), e);
    }
  }

  private String base64(int bytes) {
    byte[] secret = new byte[bytes];
    random.nextBytes(secret);
    return Base64.getEncoder().encodeToString(secret);
  }

  /**
   * Letters, digits, minus and underline: no quote, no blank, nothing that a shell would change.
   */
  private String text(int bytes) {
    byte[] secret = new byte[bytes];
    random.nextBytes(secret);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }
}
