package knockgate.gate.selftest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import knockgate.gate.Daemon;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.firewall.Family;
import knockgate.gate.firewall.Firewall;
import knockgate.gate.firewall.FirewallRules;
import knockgate.gate.firewall.Layout;
import knockgate.nfq.NativeException;
import knockgate.nfq.QueueStatistics;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Outlets;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.StateSpec;
import knockgate.rules.words.Prefix;

/**
 * A policy tried out on a {@link Stage}: its rules, a gate of its own with its own queue and
 * tables, and for each door somebody who opens it and somebody who must not get in. The machine's
 * own gate, rules and state are not touched.
 */
public final class SelfTest {
  private static final int AT_ONCE = 8;
  private static final int MOST_DOORS = 250;
  private static final int READY_MS = 20_000;
  private static final int POLL_MS = 5;
  private static final int LANES_PAUSE_MS = 50;

  private final Policy policy;
  private final Path file;
  private final Set<Family> families;
  private final ByteArrayOutputStream words = new ByteArrayOutputStream();

  private SelfTest(Policy policy, Path file) {
    this.policy = quiet(policy);
    this.file = file;
    families =
        Files.exists(Path.of("/proc/net/if_inet6"))
            ? EnumSet.allOf(Family.class)
            : EnumSet.of(Family.V4);
  }

  /**
   * Tries every door in every family that this machine has.
   *
   * @param file where the policy was read from
   * @throws Failure if this is not root, a tool is missing, or the kernel refuses something
   */
  public static List<Trial> run(Policy policy, Path file) {
    requireRoot();
    SelfTest test = new SelfTest(policy, file);
    try (Stage stage = new Stage()) {
      return test.on(stage);
    }
  }

  private static void requireRoot() {
    try {
      if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
        throw new Failure(
            ExitCode.KERNEL, "selftest makes network namespaces, which root may: run it as root");
      }
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT, "there is no /proc here, and selftest needs it", e);
    }
  }

  /** Enforcing, and without hooks, sockets and files that belong to the machine's own gate. */
  private static Policy quiet(Policy policy) {
    return policy
        .withObserve(false)
        .withState(new StateSpec(StateSpec.NONE))
        .withOutlets(
            new Outlets(
                new Outlets.Control(null, false, null),
                new Outlets.Events(Outlets.Events.NONE),
                null,
                Map.of()));
  }

  private List<Trial> on(Stage stage) {
    stage.serverHas(families.stream().map(family -> host(family, 0, 1) + length(family)).toList());
    stage.clientHas(clientAddresses());
    Layout layout = policy.mark() == null ? Layout.DIRECT : Layout.MARK;
    stage.onServer(
        () -> {
          new Firewall("iptables", families).apply(new FirewallRules(policy, layout));
          return true;
        });
    Daemon daemon =
        new Daemon(
            policy,
            file,
            OutputStream.nullOutputStream(),
            new PrintStream(words, true, StandardCharsets.UTF_8));
    Thread gate = stage.server(() -> serve(daemon));
    gate.start();
    try {
      stage.onServer(() -> awaitQueues(gate));
      return tryDoors(stage);
    } finally {
      daemon.stop();
      join(gate);
    }
  }

  private void serve(Daemon daemon) {
    try {
      daemon.run();
    } catch (NativeException | RuntimeException e) {
      words.writeBytes(String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** From then on no packet is lost, though the lanes may not have looked yet. */
  private boolean awaitQueues(Thread gate) throws IOException, InterruptedException {
    for (int waited = 0; waited < READY_MS; waited += POLL_MS) {
      if (QueueStatistics.read().size() == policy.queue().count()) {
        return true;
      }
      if (!gate.isAlive()) {
        break;
      }
      Thread.sleep(POLL_MS);
    }
    throw new Failure(
        ExitCode.KERNEL, "the gate did not start: " + words.toString(StandardCharsets.UTF_8));
  }

  private List<Trial> tryDoors(Stage stage) {
    ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE, stage.clients());
    try {
      List<Future<Trial>> running = new ArrayList<>();
      for (int i = 0; i < doors().size(); i++) {
        for (Family family : families) {
          running.add(clients.submit(trial(doors().get(i), family, i)));
        }
      }
      List<Trial> trials = new ArrayList<>();
      for (Future<Trial> future : running) {
        trials.add(future.get());
      }
      return trials;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Failure failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.NOT_SO, "interrupted", e);
    } finally {
      clients.shutdownNow();
    }
  }

  /** So many that their addresses are there; who has more doors sees the first of them tried. */
  private List<Door> doors() {
    List<Door> doors = policy.doors();
    return doors.subList(0, Math.min(MOST_DOORS, doors.size()));
  }

  private Callable<Trial> trial(Door door, Family family, int i) {
    String caller = host(family, 1 + i, 2);
    if (policy.rescue().stream().anyMatch(prefix -> holds(prefix, caller))) {
      return () -> Trial.untried(door.name(), family, caller + " is a rescue address");
    }
    InetAddress server = address(host(family, 0, 1));
    InetAddress other = address(otherHost(family, 1 + i));
    return new DoorTrial(
        door,
        family,
        new Caller(server, address(caller)),
        new Caller(server, other),
        policy.queue().count() == 1 ? 0 : LANES_PAUSE_MS);
  }

  private static boolean holds(Prefix prefix, String address) {
    Prefix host = Prefix.parse(address);
    return prefix.contains(host.hi(), host.lo());
  }

  private List<String> clientAddresses() {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < doors().size(); i++) {
      for (Family family : families) {
        addresses.add(host(family, 1 + i, 2) + length(family));
        addresses.add(otherHost(family, 1 + i) + length(family));
      }
    }
    return addresses;
  }

  /** Of the networks that are kept for benchmarks (RFC 2544) and for examples (RFC 3849). */
  private static String host(Family family, int net, int host) {
    return family == Family.V4
        ? "198.18." + net + "." + host
        : "2001:db8:0:" + Integer.toHexString(net) + "::" + host;
  }

  /** Far enough away not to be covered by another's grant: even of /16, and of /40. */
  private static String otherHost(Family family, int net) {
    return family == Family.V4
        ? "198.19." + net + ".2"
        : "2001:db8:ff00:" + Integer.toHexString(net) + "::2";
  }

  private static String length(Family family) {
    return family == Family.V4 ? "/15" : "/32";
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
