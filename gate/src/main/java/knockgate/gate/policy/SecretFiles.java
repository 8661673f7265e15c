package knockgate.gate.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import knockgate.gate.fault.FileTrouble;
import knockgate.rules.spa.Secret;

/**
 * Opens the files that secrets stand in: named from the policy's folder, or by a whole path. A file
 * that others may read or that its group may change is refused; that its group may read it is the
 * way to give it to a daemon with a user of its own.
 *
 * @param folder the policy's
 */
public record SecretFiles(Path folder) implements Function<String, Secret> {
  /** Far more than any secret; bounds what a wrong path may cost. */
  private static final int LARGEST = 64 << 10;

  private static final Set<PosixFilePermission> TOO_MUCH =
      EnumSet.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  /**
   * What is in a file, without the last line's end.
   *
   * @throws IllegalArgumentException with a sentence that says why it is not taken
   */
  @Override
  public Secret apply(String name) {
    try {
      Path file = folder.resolve(name);
      checkPermissions(file);
      return read(file);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("this is no name of a file", e);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no file " + folder.resolve(name), e);
    } catch (AccessDeniedException e) {
      throw new IllegalArgumentException(notReadable(name), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(name + " cannot be read: " + FileTrouble.reason(e), e);
    }
  }

  /** Said to people, who may be root as well, and by a gate, which must not be. */
  static String notReadable(String name) {
    String user = System.getProperty("user.name");
    return "user %s may not read %s; root may (sudo); for a gate of this user: chgrp %s, chmod 640"
        .formatted(user, name, user);
  }

  /**
   * Refuses a file of secrets that too many may read or change.
   *
   * @throws IllegalArgumentException with a sentence that says so
   */
  public static void checkPermissions(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (permissions.stream().anyMatch(TOO_MUCH::contains)) {
      throw new IllegalArgumentException(
          "others may read or change "
              + file
              + " ("
              + PosixFilePermissions.toString(permissions)
              + "); chmod 600 it");
    }
  }

  private static Secret read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new IOException("it is larger than " + (LARGEST >> 10) + " kB");
      }
      int length = bytes.length;
      if (length > 0 && bytes[length - 1] == '\n') {
        length--;
      }
      if (length > 0 && bytes[length - 1] == '\r') {
        length--;
      }
      return Secret.ofBytes(Arrays.copyOf(bytes, length));
    }
  }
}
