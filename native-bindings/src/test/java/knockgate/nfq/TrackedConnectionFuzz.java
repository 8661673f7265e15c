package knockgate.nfq;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Any message of a dump is a connection or none; nothing outside it is read. */
class TrackedConnectionFuzz {
  /** In front of the message lies another one. */
  private static final int START = 64;

  @FuzzTest
  void isAConnectionOrNone(byte[] message) {
    ByteBuffer buffer = ByteBuffer.allocate(START + message.length).order(ByteOrder.nativeOrder());
    buffer.put(START, message);
    TrackedConnection read = TrackedConnection.read(buffer, START, buffer.capacity());
    if (read == null) {
      return;
    }
    // the same wherever it lies, whatever is around it
    ByteBuffer alone = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
    if (!read.equals(TrackedConnection.read(alone, 0, message.length))
        || read.ipProtocol() > 0xff
        || read.port() > 0xffff) {
      throw new AssertionError(read);
    }
  }
}
