package knockgate.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ModeNewsTest {
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private boolean observes;
  private int told;

  @Test
  void onlyAnotherModeIsNews() {
    ModeNews news = new ModeNews(() -> observes, new PrintStream(log, true, UTF_8), () -> told++);
    news.look();
    assertThat(told).isZero();

    observes = true;
    news.look();
    news.look();
    assertThat(log.toString(UTF_8))
        .isEqualTo("knockgate: only observing from now on: everything passes\n");
    assertThat(told).isEqualTo(1);

    observes = false;
    news.look();
    assertThat(log.toString(UTF_8)).endsWith("knockgate: enforcing from now on\n");
    assertThat(told).isEqualTo(2);
  }
}
