package knockgate.rules;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HexFormat;

/** Any bytes read as the slow twin reads them, and never throw. */
class PacketParserFuzz {
  @FuzzTest
  void readsAsTheTwin(byte[] packet) {
    String read = PacketBytes.shown(PacketBytes.parse(packet));
    String expected = SlowPacketReader.read(packet);
    if (!read.equals(expected)) {
      throw new AssertionError(
          HexFormat.of().formatHex(packet) + " read as " + read + ", expected " + expected);
    }
  }
}
