package knockgate.gate.e2e;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Addresses in the forms that system calls and frames want. */
final class Address {
  private Address() {}

  /** The 4 or 16 bytes of a written address; names are never looked up. */
  static byte[] bytes(String written) {
    return parse(written).getAddress();
  }

  /** {@code AF_INET} or {@code AF_INET6}. */
  static int family(String written) {
    return parse(written) instanceof Inet4Address ? Sys.AF_INET : Sys.AF_INET6;
  }

  /**
   * The struct of {@code connect} and {@code bind}.
   *
   * <pre>
   *   sockaddr_in    family 2 | port 2 | address 4  | zero 8
   *   sockaddr_in6   family 2 | port 2 | flow info 4 | address 16 | scope 4
   * </pre>
   */
  static byte[] socketAddress(String written, int port) {
    byte[] address = bytes(written);
    boolean v4 = address.length == 4;
    ByteBuffer struct = ByteBuffer.allocate(v4 ? 16 : 28).order(ByteOrder.nativeOrder());
    struct.putShort((short) (v4 ? Sys.AF_INET : Sys.AF_INET6));
    struct.order(ByteOrder.BIG_ENDIAN).putShort((short) port);
    struct.position(v4 ? 4 : 8);
    struct.put(address);
    return struct.array();
  }

  private static InetAddress parse(String written) {
    if (!written.matches("[0-9.]+|[0-9a-f:]+")) {
      throw new IllegalArgumentException("not an address: " + written);
    }
    try {
      return InetAddress.getByName(written);
    } catch (UnknownHostException impossible) {
      throw new IllegalArgumentException("not an address: " + written, impossible);
    }
  }
}
