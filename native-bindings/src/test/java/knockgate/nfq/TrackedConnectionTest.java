package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrackedConnectionTest {
  private static final long SEED = 20_261_122;

  /** Attributes in the layout of linux/netfilter/nfnetlink_conntrack.h, little-endian lengths. */
  private static final String V4 =
      // CTA_TUPLE_ORIG, nested: 192.0.2.7:40000 to 198.51.100.1:443, TCP
      "3400 0180 1400 0180 0800 0100 c0000207 0800 0200 c6336401"
          + "1c00 0280 0500 0100 06 000000 0600 0200 9c40 0000 0600 0300 01bb 0000"
          // CTA_TUPLE_REPLY: translated, so the answer comes from 10.0.0.1:8443
          + "3400 0280 1400 0180 0800 0100 0a000001 0800 0200 c0000207"
          + "1c00 0280 0500 0100 06 000000 0600 0200 20fb 0000 0600 0300 9c40 0000"
          // CTA_ID
          + "0800 0c00 12345678";

  private static final String V6 =
      "4c00 0180 2c00 0180"
          + "1400 0300 20010db8000000000000000000000007 1400 0400 20010db8000000000000000000000001"
          + "1c00 0280 0500 0100 11 000000 0600 0200 9c40 0000 0600 0300 04aa 0000"
          + "4c00 0280 2c00 0180"
          + "1400 0300 20010db8000000000000000000000001 1400 0400 20010db8000000000000000000000007"
          + "1c00 0280 0500 0100 11 000000 0600 0200 04aa 0000 0600 0300 9c40 0000";

  private static ByteBuffer message(int family, String attributes) {
    byte[] bytes = HexFormat.of().parseHex(attributes.replace(" ", ""));
    ByteBuffer message =
        ByteBuffer.allocate(Netlink.NFNL_ATTRIBUTES + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    message.putInt(Netlink.NLMSG_LEN, message.capacity());
    message.put(Netlink.NFGENMSG_FAMILY, (byte) family);
    return message.put(Netlink.NFNL_ATTRIBUTES, bytes);
  }

  private static @Nullable TrackedConnection read(ByteBuffer message) {
    return TrackedConnection.read(message, 0, message.capacity());
  }

  @Test
  void thePeerIsWhoBeganAndThePortIsBehindTheTranslation() {
    assertThat(read(message(2, V4)))
        .isEqualTo(new TrackedConnection(6, 0, 0x0000_ffff_c000_0207L, 8443));
    assertThat(read(message(10, V6)))
        .isEqualTo(new TrackedConnection(17, 0x20010db800000000L, 7, 1194));
  }

  @Test
  void whatHasNoPortsHasPortZero() {
    String withoutPorts = V4.replace("0600 0200 20fb", "0600 0700 20fb");
    assertThat(read(message(2, withoutPorts)))
        .isEqualTo(new TrackedConnection(6, 0, 0x0000_ffff_c000_0207L, 0));
  }

  @Test
  void whatLacksATupleOrItsAddressIsNone() {
    assertThat(read(message(2, ""))).isNull();
    assertThat(read(message(2, V4.substring(0, V4.indexOf("3400 0280"))))).isNull();
    assertThat(read(message(2, V4.replace("0800 0100 c0000207", "0800 0700 c0000207")))).isNull();
    assertThat(read(message(10, V4))).as("four bytes are no IPv6 address").isNull();
  }

  @Test
  void cutAnywhereOrFullOfRubbishItIsReadWithinItsBounds() {
    ByteBuffer whole = message(2, V4);
    for (int end = 0; end <= whole.capacity(); end++) {
      ByteBuffer cut = whole.duplicate().order(ByteOrder.LITTLE_ENDIAN).limit(end);
      if (end >= Netlink.NFNL_ATTRIBUTES) {
        TrackedConnection.read(cut, 0, end);
      }
    }
    SplittableRandom random = new SplittableRandom(SEED);
    for (int round = 0; round < 50_000; round++) {
      ByteBuffer message = message(random.nextBoolean() ? 2 : 10, V4);
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        int at = Netlink.NFNL_ATTRIBUTES + random.nextInt(112);
        message.put(at, (byte) random.nextInt());
      }
      read(message); // throws when it leaves the message
    }
  }
}
