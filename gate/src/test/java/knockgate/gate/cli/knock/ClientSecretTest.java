package knockgate.gate.cli.knock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import knockgate.gate.cli.Client;
import knockgate.rules.spa.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientSecretTest {
  @TempDir Path folder;

  private static ClientSecret secret(Map<String, String> environment) {
    return new ClientSecret("key", "--key-file", "THE_KEY", environment);
  }

  @Test
  void aFileComesBeforeTheEnvironment() throws IOException {
    Path file = Client.secret(folder, "key", "in the file\n");
    Map<String, String> environment = Map.of("THE_KEY", "in the environment");
    assertThat(secret(environment).find(file)).isEqualTo(Secret.ofText("in the file"));
    assertThat(secret(environment).find(null)).isEqualTo(Secret.ofText("in the environment"));
  }

  @Test
  void anEmptyVariableIsNoSecretAndSoSaid() {
    assertThatThrownBy(() -> secret(Map.of("THE_KEY", "")).find(null))
        .hasMessage("key: a secret must not be empty");
  }
}
