package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Byte for byte, on a little-endian machine; the kernel's own opinion is in {@link PeerSetIT}. */
class SetBatchTest {
  private static final long MAPPED = 0xffffL << 32;

  @Test
  void anIpv4Address() {
    SetBatch batch = new SetBatch("k4a", true, 1);
    batch.add(0, MAPPED | 0xc000_0242L, 11);
    assertThat(hex(batch))
        .isEqualTo(
            "3c000000"
                + "0906"
                + "0100"
                + "00000000"
                + "00000000" // nlmsghdr: ipset, ADD
                + "02000000" // AF_INET
                + "05000100"
                + "06000000" // protocol 6
                + "08000200"
                + "6b346100" // "k4a"
                + "18000780" // data, nested
                + "0c000180"
                + "08000140"
                + "c0000242" // IP { IPV4 192.0.2.66 }
                + "08000640"
                + "0000000b"); // timeout 11 s
  }

  @Test
  void anIpv6AddressAndANameThatNeedsPadding() {
    SetBatch batch = new SetBatch("kg6", false, 1);
    SetBatch padded = new SetBatch("kgs6", false, 1);
    batch.add(0x2001_0db8_0000_0000L, 0x66, 0x0102_0304);
    padded.add(0x2001_0db8_0000_0000L, 0x66, 1);
    assertThat(hex(batch))
        .isEqualTo(
            "48000000"
                + "0906"
                + "0100"
                + "00000000"
                + "00000000"
                + "0a000000" // AF_INET6
                + "05000100"
                + "06000000"
                + "08000200"
                + "6b673600"
                + "24000780"
                + "18000180"
                + "14000240"
                + "20010db8000000000000000000000066"
                + "08000640"
                + "01020304");
    assertThat(hex(padded)).startsWith("4c000000").contains("09000200" + "6b677336" + "00000000");
  }

  @Test
  void aPrefixCarriesItsLength() {
    SetBatch batch = new SetBatch("k4a", true, 1);
    batch.add(0, 0x8000_0000L, 1, 3);
    assertThat(hex(batch))
        .endsWith(
            "0c000180"
                + "08000140"
                + "80000000"
                + "05000300"
                + "01000000"
                + "08000640"
                + "00000003");
  }

  @Test
  void severalFollowOneAnotherAndUsedAgainItHoldsNothingOfBefore() {
    SetBatch one = new SetBatch("k4a", true, 1);
    one.add(0, 7, 11);
    SetBatch batch = new SetBatch("k4a", true, 2);
    batch.add(-1, -1, -1);
    batch.add(-1, -1, 32, -1);
    batch.clear();
    assertThat(batch.bytes()).isZero();
    batch.add(0, 7, 11);
    batch.add(0, 7, 11);
    assertThat(batch.isFull()).isTrue();
    assertThat(hex(batch)).isEqualTo(hex(one) + hex(one));
    assertThatThrownBy(() -> batch.add(0, 7, 11)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theLongestNameAndAddressFit() {
    SetBatch batch = new SetBatch("a".repeat(31), false, 3);
    for (int i = 0; i < 3; i++) {
      batch.add(-1, -1, 128, -1);
    }
    assertThat(batch.bytes()).isLessThanOrEqualTo(batch.memory().capacity());
    for (String name : new String[] {"", "a".repeat(32)}) {
      assertThatThrownBy(() -> new SetBatch(name, true, 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static String hex(SetBatch batch) {
    byte[] bytes = new byte[batch.bytes()];
    batch.memory().get(0, bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
