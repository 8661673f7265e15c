package knockgate.gate.cli.knock;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import knockgate.gate.cli.Client;
import knockgate.gate.fault.ExitCode;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.spa.PknockVerifier;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpaPknockCommandTest {
  private static final PknockSpa DOOR =
      new PknockSpa(Secret.ofText("open"), Secret.ofText("shut"), 1, true, true);

  @TempDir Path folder;
  private final Client client = new Client();
  private String file = "";
  private String policy = "";

  @BeforeEach
  void files() throws IOException {
    file = Client.secret(folder, "secret", "open\n").toString();
    policy =
        Files.writeString(
                folder.resolve("p.conf"),
                """
                doors {
                  imap { protects = [ "tcp/993" ], autoclose = 1m
                         spa { dialect = pknock, port = 4002
                               open-secret = "open", close-secret = "shut" } }
                  none { protects = [ "tcp/22" ], autoclose = 1m
                         spa { dialect = pknock, port = 4003, open-secret = "other" } }
                  ssh  { protects = [ "tcp/22" ], autoclose = 1m, knock = [ 7000, 8000 ] }
                }
                """)
            .toString();
  }

  private Reason judged(String source, boolean closing) {
    byte[] message = client.out().getBytes(US_ASCII);
    Prefix peer = Prefix.parse(source);
    PknockVerifier verifier = new PknockVerifier(DOOR);
    long now = System.currentTimeMillis();
    return closing
        ? verifier.close(message, message.length, peer.hi(), peer.lo(), now)
        : verifier.open(message, message.length, peer.hi(), peer.lo(), now);
  }

  @ParameterizedTest
  @CsvSource({"203.0.113.9", "2001:db8::9"})
  void theMessageIsForTheAddressThatTheGateSees(String address) {
    assertThat(
            client.run(
                "spa",
                "pknock",
                "--print",
                "--port",
                "4002",
                "--secret-file",
                file,
                "--address",
                address,
                "127.0.0.1"))
        .isZero();
    assertThat(judged(address, false)).isEqualTo(Reason.SPA_OPENED);
    assertThat(judged("203.0.113.10", false)).isEqualTo(Reason.SPA_HMAC);
  }

  @Test
  void withoutAnAddressItIsTheOneThatPacketsLeaveFrom() {
    client.run("spa", "pknock", "--print", "--port", "4002", "--secret-file", file, "127.0.0.1");
    assertThat(judged("127.0.0.1", false)).isEqualTo(Reason.SPA_OPENED);
  }

  @Test
  void aDoorOfThePolicyHasBothSecrets() {
    client.run("spa", "pknock", "--print", "-c", policy, "--door", "imap", "127.0.0.1");
    assertThat(judged("127.0.0.1", false)).isEqualTo(Reason.SPA_OPENED);
    client.run("spa", "pknock", "--print", "-c", policy, "--door", "imap", "--close", "127.0.0.1");
    assertThat(judged("127.0.0.1", true)).isEqualTo(Reason.SPA_CLOSED);
    assertThat(client.run("spa", "pknock", "-c", policy, "--door", "none", "--close", "127.0.0.1"))
        .isEqualTo(ExitCode.NOT_SO.number());
    assertThat(client.err()).contains("no message closes door \"none\"");
    assertThat(client.run("spa", "pknock", "-c", policy, "--door", "ssh", "127.0.0.1"))
        .isEqualTo(ExitCode.NOT_SO.number());
    assertThat(client.err()).contains("does not open by pknock's messages");
  }

  @Test
  void whatCannotBeMeantIsAUsageError() {
    String[][] rows = {
      {"spa", "pknock", "127.0.0.1"},
      {"spa", "pknock", "--port", "0", "--secret-file", file, "127.0.0.1"},
      {"spa", "pknock", "--port", "4002", "--door", "imap", "127.0.0.1"},
      {"spa", "pknock", "--port", "4002", "--secret-file", file, "--close", "127.0.0.1"},
      {"spa", "pknock", "--port", "4", "--secret-file", file, "--address", "10.0.0.0/8", "::1"},
      {"spa"},
    };
    for (String[] row : rows) {
      assertThat(client.run(row)).as(String.join(" ", row)).isEqualTo(ExitCode.USAGE.number());
      assertThat(client.out()).isEmpty();
    }
  }

  @Test
  void aSecretThatTheModuleWouldCutIsRefused() throws IOException {
    String longer = Client.secret(folder, "long", "x".repeat(32)).toString();
    assertThat(client.run("spa", "pknock", "--port", "4002", "--secret-file", longer, "127.0.0.1"))
        .isEqualTo(ExitCode.NOT_SO.number());
    assertThat(client.err()).contains("the secret has 32 bytes");
  }
}
