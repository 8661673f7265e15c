package knockgate.gate.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void whatMovesATerminalIsShownAndWhatDoesNotStays() {
    assertThat(Printable.of("-A INPUT \033[2K\r-j DROP\u009b\0"))
        .isEqualTo("-A INPUT \\x1b[2K\\x0d-j DROP\\x9b\\x00");
    assertThat(Printable.of("two\nlines,\ta tab, größer, 門"))
        .isEqualTo("two\nlines,\ta tab, größer, 門");
  }
}
