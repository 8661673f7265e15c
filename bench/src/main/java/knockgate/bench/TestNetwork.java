package knockgate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Two network namespaces of our own and the rules in the server's. Nothing outside them is touched;
 * closing takes them away, and so does the end of this program, if somebody ends it before.
 *
 * <pre>
 *    kgbc-PID                              kgbs-PID
 *    10.99.0.1  veth ---------- veth  10.99.0.2
 *    flood, dial                           mangle/INPUT:  the contestant's rules
 *                                          filter/INPUT:  drops the flood, behind the verdict
 *                                          gate, loop or nobody; dial listen on 2222 and 22
 * </pre>
 */
final class TestNetwork implements AutoCloseable {
  static final String SERVER = "10.99.0.2";
  static final String SERVER_MAC = "02:00:00:00:00:02";
  static final String CLIENT_DEVICE = "kgb0";

  /** Accepted by every program, dropped by the rule behind. */
  static final int FLOOD_PORT = 7000;

  /** Accepted by every program, and somebody listens. */
  static final int OPEN_PORT = 2222;

  private static final String CLIENT_MAC = "02:00:00:00:00:01";
  private static final String SERVER_DEVICE = "kgb1";

  private final String client = "kgbc-" + ProcessHandle.current().pid();
  private final String server = "kgbs-" + ProcessHandle.current().pid();

  /** Lives in the server's namespace, so that its files under /proc show that namespace. */
  private final Process listener;

  private final Process doorListener;

  private final Thread onExit = new Thread(this::abandon, "take the namespaces away");

  /** Makes the namespaces and starts the listeners. */
  TestNetwork(NativeTools tools, Path log) throws IOException {
    try {
      Commands.run("ip netns add " + client);
      Commands.run("ip netns add " + server);
      Commands.run(
          ("ip link add " + CLIENT_DEVICE + " netns " + client)
              + (" type veth peer name " + SERVER_DEVICE + " netns " + server));
      bringUp(client, CLIENT_DEVICE, CLIENT_MAC, "10.99.0.1", SERVER, SERVER_MAC);
      bringUp(server, SERVER_DEVICE, SERVER_MAC, SERVER, "10.99.0.1", CLIENT_MAC);
      Commands.run("ip -n " + server + " route add default via 10.99.0.1");
      inServer("iptables -A INPUT -p tcp --dport " + FLOOD_PORT + " -j DROP");
      listener = Commands.start(listen(tools, OPEN_PORT), log);
      doorListener = Commands.start(listen(tools, Doors.PROTECTED_PORT), log);
      Runtime.getRuntime().addShutdownHook(onExit);
    } catch (IOException e) {
      remove();
      throw e;
    }
  }

  private static void bringUp(
      String namespace, String device, String mac, String ip, String peer, String peerMac)
      throws IOException {
    String at = "ip -n " + namespace + " ";
    Commands.run(at + "link set " + device + " address " + mac);
    Commands.run(at + "addr add " + ip + "/16 dev " + device);
    Commands.run(at + "link set lo up");
    Commands.run(at + "link set " + device + " up");
    Commands.run(
        at + "neigh replace " + peer + " lladdr " + peerMac + " dev " + device + " nud permanent");
  }

  private List<String> listen(NativeTools tools, int port) {
    return inServer(List.of(tools.dial().toString(), "listen", String.valueOf(port)));
  }

  private void inServer(String line) throws IOException {
    Commands.run(inServer(List.of(line.split(" ", -1))));
  }

  /** A command as it runs in the server's namespace; ip replaces itself, so the pid is its own. */
  List<String> inServer(List<String> command) {
    return Commands.join(List.of("ip", "netns", "exec", server), command);
  }

  /** A command as it runs in the client's namespace. */
  List<String> inClient(List<String> command) {
    return Commands.join(List.of("ip", "netns", "exec", client), command);
  }

  /** Runs commands in the server's namespace, one after the other. */
  void configure(List<List<String>> commands) throws IOException {
    for (List<String> command : commands) {
      Commands.run(inServer(command));
    }
  }

  /**
   * A queue's line of /proc/net/netfilter/nfnetlink_queue (net/netfilter/nfnetlink_queue.c).
   *
   * @param waiting packets without a verdict
   * @param dropped packets that found queue or socket full
   * @param verdicts packets that got one
   */
  record QueueLine(long waiting, long dropped, long verdicts) {
    static final QueueLine NONE = new QueueLine(0, 0, 0);

    private static QueueLine of(String line) {
      String[] column = line.strip().split(" +", -1);
      long waiting = Long.parseLong(column[2]);
      long queueDropped = Long.parseLong(column[5]);
      long userDropped = Long.parseLong(column[6]);
      long sequence = Long.parseLong(column[7]);
      return new QueueLine(waiting, queueDropped + userDropped, sequence - userDropped - waiting);
    }
  }

  /** Whether a program has bound queue 0. */
  boolean isBound() throws IOException {
    return !queueLines().isEmpty();
  }

  /** Queue 0 now; NONE when nobody has bound it. */
  QueueLine queueLine() throws IOException {
    List<String> lines = queueLines();
    return lines.isEmpty() ? QueueLine.NONE : QueueLine.of(lines.get(0));
  }

  private List<String> queueLines() throws IOException {
    Path file = Path.of("/proc/" + listener.pid() + "/net/netfilter/nfnetlink_queue");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(onExit);
    Commands.end(listener);
    Commands.end(doorListener);
    remove();
  }

  private void abandon() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroy);
    remove();
  }

  private void remove() {
    for (String namespace : List.of(client, server)) {
      try {
        Commands.run("ip netns del " + namespace);
      } catch (IOException e) {
        System.err.println(e.getMessage()); // it was never made, or is already gone
      }
    }
  }
}
