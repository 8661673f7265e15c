package knockgate.gate.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The network namespace of process 1: the machine's own, or that of a container as a whole. */
public final class HomeNetwork {
  private HomeNetwork() {}

  /**
   * Whether this process is in another one, as behind {@code ip netns exec}.
   *
   * @param proc where procfs is mounted
   * @return false also where that cannot be seen: process 1 shows it to root only
   */
  public static boolean isLeft(Path proc) {
    try {
      Path ours = Files.readSymbolicLink(proc.resolve("self/ns/net"));
      return !ours.equals(Files.readSymbolicLink(proc.resolve("1/ns/net")));
    } catch (IOException e) {
      return false;
    }
  }
}
