package knockgate.gate.control;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Objects;
import java.util.Set;
import knockgate.gate.fault.FileTrouble;
import org.jspecify.annotations.Nullable;

/**
 * A listening Unix socket with a name that only the right ones can open.
 *
 * <p>A socket gets its mode after its name, so there is a moment in which anybody could connect. It
 * is therefore made in a new directory that nobody else may enter, and moved into place when it is
 * complete; that also replaces a name that a dead gate left, in one step.
 */
public final class SocketFile implements Closeable {
  private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> GROUPS =
      PosixFilePermissions.fromString("rwxr-x---");
  private static final Set<PosixFilePermission> SOCKET_OURS =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> SOCKET_GROUPS =
      PosixFilePermissions.fromString("rw-rw----");

  private final Path path;
  private final ServerSocketChannel channel;
  private final UserPrincipal owner;
  private final @Nullable Object key;

  private SocketFile(
      Path path, ServerSocketChannel channel, UserPrincipal owner, @Nullable Object key) {
    this.path = path;
    this.channel = channel;
    this.owner = owner;
    this.key = key;
  }

  /**
   * Makes it, and its directory if that is missing (not those above).
   *
   * @param path absolute
   * @param group whose members may connect too; null = only root and we ourselves
   * @throws IOException with a sentence, when it cannot be made, its directory is not safe, or
   *     another process answers there
   */
  public static SocketFile open(Path path, @Nullable String group) throws IOException {
    Path directory = Objects.requireNonNull(path.getParent(), "a socket in no directory");
    try {
      GroupPrincipal readers = group == null ? null : group(path, group);
      if (!Files.exists(directory)) {
        make(directory, readers);
      }
      check(directory);
      refuseIfAnswered(path);
      return bind(path, directory, readers);
    } catch (FileSystemException e) {
      throw new IOException(
          path + " cannot be made: " + e.getFile() + ": " + FileTrouble.reason(e), e);
    }
  }

  private static GroupPrincipal group(Path path, String name) throws IOException {
    try {
      return path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
    } catch (IOException e) {
      throw new IOException("there is no group \"" + name + "\" on this machine", e);
    }
  }

  private static void make(Path directory, @Nullable GroupPrincipal readers) throws IOException {
    Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OURS));
    if (readers != null) {
      give(directory, readers, GROUPS);
    }
  }

  private static void give(Path path, GroupPrincipal readers, Set<PosixFilePermission> mode)
      throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    try {
      view.setGroup(readers);
    } catch (FileSystemException e) { // EPERM: only root gives a file to a group it is not in
      throw new IOException(
          "the gate's user is not in the group \""
              + readers.getName()
              + "\", so the socket cannot be given to it; add it (usermod -aG "
              + readers.getName()
              + " USER) and start the gate anew, or name a group that it is in",
          e);
    }
    view.setPermissions(mode);
  }

  /** Whoever may write in the directory could put another socket in our place. */
  private static void check(Path directory) throws IOException {
    PosixFileAttributes attributes = Files.readAttributes(directory, PosixFileAttributes.class);
    Set<PosixFilePermission> mode = attributes.permissions();
    if (mode.contains(PosixFilePermission.OTHERS_WRITE)
        || mode.contains(PosixFilePermission.GROUP_WRITE)) {
      throw new IOException(
          directory
              + " can be written by others ("
              + PosixFilePermissions.toString(mode)
              + "), so no socket in it can be trusted; chmod go-w it, or choose another directory");
    }
  }

  /** By number: not every user of a container has a name. What we have just made tells ours. */
  private static void checkOwner(Path directory, int ours) throws IOException {
    int owner = uid(directory);
    if (owner != 0 && owner != ours) {
      throw new IOException(
          directory
              + " belongs to user "
              + owner
              + ", who could put another socket in the place of ours; chown it, or choose another"
              + " directory");
    }
  }

  private static int uid(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:uid");
  }

  private static void refuseIfAnswered(Path path) throws IOException {
    if (isAnswered(path)) {
      throw new IOException(path + " is in use: another process answers there");
    }
  }

  /** Whether another process answers there. */
  public static boolean isAnswered(Path path) {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException nobodyListens) {
      return false;
    }
  }

  private static SocketFile bind(Path path, Path directory, @Nullable GroupPrincipal readers)
      throws IOException {
    Path workshop =
        Files.createTempDirectory(directory, ".", PosixFilePermissions.asFileAttribute(OURS));
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    Path made = workshop.resolve("s");
    try {
      checkOwner(directory, uid(workshop));
      channel.bind(UnixDomainSocketAddress.of(made));
      if (readers == null) {
        Files.setPosixFilePermissions(made, SOCKET_OURS);
      } else {
        give(made, readers, SOCKET_GROUPS);
      }
      UserPrincipal owner = Files.getOwner(made);
      Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
      return new SocketFile(path, channel, owner, keyAt(path));
    } catch (IOException e) {
      channel.close();
      Files.deleteIfExists(made);
      throw e;
    } finally {
      Files.deleteIfExists(workshop);
    }
  }

  private static @Nullable Object keyAt(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  /** The listening socket. */
  public ServerSocketChannel channel() {
    return channel;
  }

  /** The user that this process runs as. */
  UserPrincipal owner() {
    return owner;
  }

  /** Closes it, and takes its name away unless it is another's by now. */
  @Override
  public void close() throws IOException {
    channel.close();
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && Objects.equals(key, keyAt(path))) {
      Files.delete(path);
    }
  }
}
