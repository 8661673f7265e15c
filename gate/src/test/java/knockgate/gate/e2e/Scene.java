package knockgate.gate.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A wire, the rules of one policy, its daemon, and an echo service on ports 22 and 80. */
final class Scene implements AutoCloseable {
  /** A strict door on port 22, opened by three TCP knocks, and a rescue address per family. */
  static final String SSH =
      """
      rescue = [ "192.0.2.10", "2001:db8::10" ]
      doors { ssh { protects = [ "tcp/22" ], knock = [ 7000, 8000, 9000 ], autoclose = 1m } }
      """;

  /** The layout that is the default of {@code knockgate rules}. */
  static final String MARK = "mark";

  static final String DIRECT = "direct";

  private final Wire wire = new Wire();
  private final Path policy;
  private Gate gate;

  /** The usual layout, the usual iptables. */
  Scene(String policy) {
    this(policy, MARK, "iptables-nft");
  }

  Scene(String policyText, String layout, String iptables) {
    try {
      policy = Files.createTempFile("knockgate-it", ".conf");
      Files.writeString(policy, policyText);
      wire.serving(22, 80);
      applyRules(layout, iptables);
      gate = Gate.start(wire.server(), policy);
    } catch (IOException failed) {
      wire.close();
      throw new UncheckedIOException(failed);
    } catch (RuntimeException | Error failed) {
      wire.close();
      throw failed;
    }
  }

  private void applyRules(String layout, String iptables) {
    String[] command = {
      "rules", "-c", policy.toString(), "--layout", layout, "--iptables", iptables, "--apply"
    };
    Gate.command(wire.server(), command).ok();
  }

  Wire wire() {
    return wire;
  }

  Gate gate() {
    return gate;
  }

  Path policy() {
    return policy;
  }

  /** Starts a new daemon in place of one that has ended. */
  Gate restart() {
    gate.close();
    gate = Gate.start(wire.server(), policy, Map.of()).awaitReady();
    return gate;
  }

  Peer friend(Family family) {
    return wire.peer(family.friend());
  }

  Peer stranger(Family family) {
    return wire.peer(family.stranger());
  }

  Peer rescue(Family family) {
    return wire.peer(family.rescue());
  }

  @Override
  public void close() {
    gate.close();
    wire.close();
    try {
      Files.deleteIfExists(policy);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
