package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotifySocketTest {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;

  @TempDir private Path folder;

  @Test
  void aPathIsReached() throws NativeException {
    String address = folder.resolve("notify").toString();
    assertThat(received(address, "READY=1\nSTATUS=öffen")).isEqualTo("READY=1\nSTATUS=öffen");
  }

  @Test
  void anAbstractNameIsReached() throws NativeException {
    String address = "@knockgate/" + ProcessHandle.current().pid();
    assertThat(received(address, "WATCHDOG=1")).isEqualTo("WATCHDOG=1");
  }

  /** What a socket bound to the address hears. */
  private static String received(String address, String text) throws NativeException {
    LibCSockets c = NativeLibraries.loadC(LibCSockets.class);
    byte[] struct = NotifySocket.socketAddress(address);
    int fd = c.socket(AF_UNIX, SOCK_DGRAM, 0);
    try {
      assertThat(c.bind(fd, struct, struct.length)).isZero();
      try (NotifySocket socket = NotifySocket.open(address)) {
        socket.send(text);
      }
      ByteBuffer heard = ByteBuffer.allocateDirect(256);
      long at = Pointer.wrap(Runtime.getSystemRuntime(), heard).address();
      byte[] bytes =
          new byte[(int) NativeLibraries.loadC(LibC.class).recv(fd, at, heard.capacity(), 0)];
      heard.get(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    } finally {
      c.close(fd);
    }
  }

  @Test
  void nobodyThereIsAnError() {
    assertThatThrownBy(() -> NotifySocket.open(folder.resolve("none").toString()))
        .isInstanceOf(NativeException.class)
        .hasMessageContaining("ENOENT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"relative", "vsock:2:1234", ""})
  void otherAddressesAreRefused(String address) {
    assertThatThrownBy(() -> NotifySocket.open(address))
        .isInstanceOf(NativeException.class)
        .hasMessageContaining("absolute path or @name");
  }

  @Test
  void aPathThatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> NotifySocket.open("/" + "x".repeat(107)))
        .isInstanceOf(NativeException.class);
  }
}
