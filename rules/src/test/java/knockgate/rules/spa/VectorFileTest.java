package knockgate.rules.spa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of other vectors: what cannot be read is named. */
class VectorFileTest {
  @TempDir private Path folder;

  @Test
  void aFileThatCannotBeReadIsNamedWithTheLine() throws IOException {
    Files.writeString(folder.resolve("good.json"), "{ \"format\": \"any\" }\r\n");
    assertThat(VectorFile.folder(folder)).hasSize(1);
    Files.writeString(folder.resolve("cut.json"), "{\n  \"format\": ");
    assertThatThrownBy(() -> VectorFile.folder(folder)).hasMessageContaining("cut.json, line 2: ");
    Files.writeString(folder.resolve("cut.json"), "");
    assertThatThrownBy(() -> VectorFile.folder(folder))
        .hasMessageContaining("cut.json, line 1: there is nothing in it");
  }
}
