package knockgate.gate.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two namespaces on one wire; everything a test sends stays on it.
 *
 * <pre>
 *   client                                      server
 *   192.0.2.2 to .254      wire ------- wire    192.0.2.1     gate, echo service
 *   2001:db8::2 to ::254                        2001:db8::1
 * </pre>
 *
 * The server also owns 198.51.100.1 to .8 and 2001:db8:1::1 to ::8, for whoever needs more than one
 * destination. Removed on {@link #close} and when the JVM ends early.
 */
final class Wire implements AutoCloseable {
  /** The interface's name on both sides. */
  static final String DEVICE = "wire";

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Namespace client;
  private final Namespace server;
  private final List<Echo> services = new ArrayList<>();
  private final Thread onExit = new Thread(this::remove, "remove namespaces");

  Wire() {
    String name = "kgit-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
    client = Namespace.create(name + "c");
    server = Namespace.create(name + "s");
    java.lang.Runtime.getRuntime().addShutdownHook(onExit);
    client.ip("link add " + DEVICE + " type veth peer name " + DEVICE + " netns " + name + "s");
    client.ip("link set " + DEVICE + " up");
    server.ip("link set " + DEVICE + " up");
    // after the link is up: IPv6 addresses given before it answer nobody for a second
    addresses(client, clientAddresses());
    addresses(server, serverAddresses());
    client.ip("route add 198.51.100.0/24 dev " + DEVICE);
    client.ip("-6 route add 2001:db8:1::/64 dev " + DEVICE);
    // forged sources must not fail a reverse-path check before they reach the gate
    server.ip("route add default via 192.0.2.2");
    server.ip("-6 route add default via 2001:db8::2");
  }

  Namespace client() {
    return client;
  }

  Namespace server() {
    return server;
  }

  /** Starts the echo service on these TCP ports of the server, for as long as the wire lasts. */
  Wire serving(int... ports) {
    services.add(new Echo(server, ports));
    return this;
  }

  /** Whoever sends from {@code address}, one of the client's. */
  Peer peer(String address) {
    return new Peer(client, address);
  }

  private static List<String> clientAddresses() {
    List<String> all = new ArrayList<>();
    for (int host = 2; host <= 254; host++) {
      all.add(Family.IPV4.host(host) + "/24");
      // deprecated, so that only who binds to it sends from it: stock clients send from the first
      String lifetime = host == 2 ? "" : " preferred_lft 0";
      all.add(Family.IPV6.host(host) + "/64 nodad" + lifetime);
    }
    return all;
  }

  private static List<String> serverAddresses() {
    List<String> all = new ArrayList<>(List.of("192.0.2.1/24", "2001:db8::1/64 nodad"));
    for (int host = 1; host <= 8; host++) {
      all.add("198.51.100." + host + "/24");
      all.add("2001:db8:1::" + host + "/64 nodad");
    }
    return all;
  }

  private static void addresses(Namespace namespace, List<String> addresses) {
    try {
      Path batch = Files.createTempFile("knockgate-addresses", ".ip");
      try {
        Files.write(
            batch, addresses.stream().map(a -> "address add dev " + DEVICE + " " + a).toList());
        Run.with(Map.of(), List.of("ip", "-n", namespace.name(), "-batch", batch.toString())).ok();
      } finally {
        Files.deleteIfExists(batch);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void close() {
    java.lang.Runtime.getRuntime().removeShutdownHook(onExit);
    remove();
  }

  private void remove() {
    services.forEach(Echo::close);
    client.close();
    server.close();
  }
}
