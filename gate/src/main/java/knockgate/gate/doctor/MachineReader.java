package knockgate.gate.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.zip.GZIPInputStream;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.firewall.Family;
import knockgate.gate.firewall.Firewall;
import knockgate.gate.firewall.Variants;
import knockgate.gate.process.Program;
import knockgate.nfq.KernelClock;
import knockgate.nfq.NativeException;
import knockgate.nfq.QueueOwner;
import knockgate.nfq.QueueStatistics;
import knockgate.rules.policy.QueueSpec;

/** Reads a {@link Machine}; decides nothing. What is not there is read as empty. */
final class MachineReader {
  private static final Path PROC = Path.of("/proc");

  /** Of the network namespace that this thread stands in. */
  private static final Path NET = PROC.resolve("thread-self/net");

  private MachineReader() {}

  /**
   * Reads this machine.
   *
   * @throws Failure if nobody but root is told these things, or iptables is not installed
   */
  static Machine read(QueueSpec queue) {
    Map<Family, String> refusals = new EnumMap<>(Family.class);
    Map<Family, List<Machine.Firewall>> firewalls = new EnumMap<>(Family.class);
    List<QueueStatistics> queues = queues(); // first: it is what only root may read
    for (Family family : Family.values()) {
      firewalls.put(family, firewalls(family, refusals));
    }
    return new Machine(
        firewalls,
        refusals,
        tools().get(0),
        output("ip", "rule") + output("ip", "-6", "rule"),
        queues,
        holders(queue, queues),
        output("ss", "-f", "netlink", "-mn"),
        text(NET.resolve("if_inet6")),
        modules(),
        isClockSynchronised(),
        programs());
  }

  private static List<QueueStatistics> queues() {
    try {
      return QueueStatistics.read();
    } catch (IOException e) {
      throw new Failure(ExitCode.KERNEL, "the table of queues cannot be read: run it as root", e);
    }
  }

  /** iptables by its usual name first, then the other of the two that Debian has. */
  private static List<String> tools() {
    Path usual = Program.find("iptables", "iptables").path();
    boolean legacy = realName(usual).contains("legacy");
    List<String> names = new ArrayList<>();
    for (String name : List.of("iptables-nft", "iptables-legacy")) {
      try {
        Program.find(name, "iptables");
        names.add(name.endsWith("legacy") == legacy ? 0 : names.size(), name);
      } catch (Failure notInstalled) {
        // There may be one variant only.
      }
    }
    return names.isEmpty() ? List.of("iptables") : names;
  }

  private static String realName(Path program) {
    try {
      return program.toRealPath().toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static List<Machine.Firewall> firewalls(Family family, Map<Family, String> refusals) {
    List<Machine.Firewall> read = new ArrayList<>();
    for (String tool : tools()) {
      if (tool.endsWith("legacy") && !Variants.isLegacyInUse(family)) {
        continue; // Asking would make the kernel load tables that nobody wants.
      }
      try {
        read.add(new Machine.Firewall(tool, Firewall.saved(tool, family)));
      } catch (Failure e) {
        refusals.putIfAbsent(family, e.sentence()); // the usual one's first
      }
    }
    return read;
  }

  /** Of the policy's queues; where nobody has them, of all. */
  private static Map<Integer, Machine.Holder> holders(
      QueueSpec queue, List<QueueStatistics> queues) {
    IntPredicate wanted = n -> queue.number() <= n && n < queue.number() + queue.count();
    List<Integer> held = queues.stream().map(line -> line.queue()).toList();
    List<Integer> ours = held.stream().filter(wanted::test).toList();
    Map<Integer, Machine.Holder> holders = new HashMap<>();
    for (int number : ours.isEmpty() ? held : ours) {
      try {
        QueueOwner owner = QueueOwner.find(number);
        if (owner != null) {
          String words = text(PROC.resolve(owner.pid() + "/cmdline"));
          boolean isGate = words.contains("knockgate") && words.contains("\0run\0");
          holders.put(number, new Machine.Holder(owner.toString(), isGate, owner.portId()));
        }
      } catch (IOException e) {
        throw new Failure(ExitCode.KERNEL, "the holder of queue " + number + " is not told", e);
      }
    }
    return holders;
  }

  private static Machine.Modules modules() {
    String release = text(PROC.resolve("sys/kernel/osrelease")).strip();
    Path tree = Path.of("/lib/modules", release);
    String config = text(Path.of("/boot/config-" + release));
    return new Machine.Modules(
        config.isEmpty() ? unpacked(PROC.resolve("config.gz")) : config,
        text(PROC.resolve("modules")),
        text(tree.resolve("modules.builtin")),
        text(tree.resolve("modules.dep")));
  }

  private static boolean isClockSynchronised() {
    try {
      return KernelClock.isSynchronised();
    } catch (NativeException e) {
      return true; // Not known; the daemon will say what is wrong with the library.
    }
  }

  /** Firewall programs at work; ufw is no daemon, its file says whether it is on. */
  private static Set<String> programs() {
    Set<String> names = new TreeSet<>();
    if (text(Path.of("/etc/ufw/ufw.conf")).lines().anyMatch("ENABLED=yes"::equals)) {
      names.add("ufw");
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        switch (text(process.resolve("comm")).strip()) {
          case "firewalld" -> names.add("firewalld");
          case "dockerd" -> names.add("docker");
          default -> {}
        }
      }
    } catch (IOException e) {
      return names;
    }
    return names;
  }

  private static String output(String program, String... arguments) {
    try {
      return Program.find(program, "iproute2").run("", arguments).out();
    } catch (Failure notInstalled) {
      return "";
    }
  }

  private static String unpacked(Path file) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
