package knockgate.nfq;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HexFormat;

/** Any bytes read as the slow twin reads them, and never throw. */
class PacketMessageFuzz {
  @FuzzTest
  void readsAsTheTwin(byte[] bytes) {
    // the first one says whether the kernel had more
    boolean cut = bytes.length > 0 && (bytes[0] & 1) == 1;
    byte[] received = bytes.length == 0 ? bytes : Arrays.copyOfRange(bytes, 1, bytes.length);
    NaiveMessage read = NaiveMessage.of(Messages.read(received, received.length, cut));
    NaiveMessage expected = NaiveMessage.of(received, cut);
    if (!read.equals(expected)) {
      throw new AssertionError(
          HexFormat.of().formatHex(received) + " read as " + read + ", expected " + expected);
    }
  }
}
