package knockgate.gate.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FileTroubleTest {
  private static Object[][] troubles() {
    return new Object[][] {
      {new NoSuchFileException("/x"), "there is no such file or folder"},
      {new AccessDeniedException("/x"), "this user may not"},
      {new FileSystemException("/x", null, "Read-only file system"), "Read-only file system"},
      {new IOException("Is a directory"), "Is a directory"},
      {new IOException(), "java.io.IOException"},
    };
  }

  @ParameterizedTest
  @MethodSource("troubles")
  void theReasonIsInWordsAndNamesNoFile(IOException e, String reason) {
    assertThat(FileTrouble.reason(e)).isEqualTo(reason).doesNotContain("/x");
  }
}
