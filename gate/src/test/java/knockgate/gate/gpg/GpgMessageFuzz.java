package knockgate.gate.gpg;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are refused by the OpenPGP library's reader: no exception, nothing that opens. */
class GpgMessageFuzz {
  @FuzzTest
  void nothingOpens(byte[] message) {
    NobodysMessages.offer(message);
  }
}
