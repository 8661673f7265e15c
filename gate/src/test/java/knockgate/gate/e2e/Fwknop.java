package knockgate.gate.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The unmodified client of Debian's package fwknop-client.
 *
 * @param where the namespace it runs in
 * @param folder for its rc file and saved packets
 */
record Fwknop(Namespace where, Path folder) {
  /** Sends a message for one of the server's IPv4 addresses, sealed with the keys of the tests. */
  Run send(String... more) {
    return sealed(Messages.FWKNOP_KEY, Messages.FWKNOP_HMAC_KEY, more);
  }

  /**
   * The same with other keys.
   *
   * @param hmacKey empty = without HMAC
   */
  Run sealed(String key, String hmacKey, String... more) {
    Path rc = folder.resolve("fwknoprc");
    String hmac = hmacKey.isEmpty() ? "" : "HMAC_KEY " + hmacKey + "\nUSE_HMAC Y\n";
    try {
      Files.writeString(rc, "[default]\n[gate]\nKEY " + key + "\n" + hmac);
      Files.setPosixFilePermissions(rc, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> command = new ArrayList<>(List.of("fwknop", "--rc-file", rc.toString()));
    command.addAll(
        List.of("-n", "gate", "--no-save-args", "-D", Family.IPV4.server, "-U", "alice"));
    command.addAll(List.of(more));
    return Run.with(Map.of("HOME", folder.toString()), where.command(command));
  }

  /** A payload as it would be sent, without sending it. */
  byte[] saved(String... more) {
    Path file = folder.resolve("saved");
    List<String> all = new ArrayList<>(List.of("--test", "-B", file.toString()));
    all.addAll(List.of(more));
    send(all.toArray(String[]::new)).ok();
    try {
      return Messages.bytes(Files.readString(file).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
