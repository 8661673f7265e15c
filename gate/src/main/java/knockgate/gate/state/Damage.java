package knockgate.gate.state;

import java.io.IOException;

/** A file of the state is not what it should be; the message says what is wrong with it. */
final class Damage extends IOException {
  Damage(String sentence) {
    super(sentence);
  }
}
