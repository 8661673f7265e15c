package knockgate.gate.firewall;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import knockgate.gate.fault.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that has the tools of one family. */
class IptablesTest {
  @TempDir private Path folder;

  @Test
  void aFamilyWithoutToolsCanBeLeftOut() throws IOException {
    for (String name : new String[] {"iptables", "iptables-restore"}) {
      Files.createFile(
          folder.resolve(name),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    String tool = folder.resolve("iptables").toString();
    new Iptables(tool, Family.V4);
    assertThatThrownBy(() -> new Iptables(tool, Family.V6))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("ip6tables is not installed")
        .hasMessageEndingWith("apt install iptables; knockgate rules -4 leaves IPv6 out");
  }
}
