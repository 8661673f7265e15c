package knockgate.gate.cli.knock;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of the clients that choose the addresses of their packets; a mixin. */
final class Route {
  @Option(names = "-4", description = "use an IPv4 address of HOST")
  private boolean v4;

  @Option(names = "-6", description = "use an IPv6 address of HOST")
  private boolean v6;

  @Option(
      names = "--source",
      paramLabel = "ADDRESS",
      description = "send from this address of this machine")
  private @Nullable String source;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  private boolean fits(InetAddress address) {
    return (!v4 && !v6) || v4 == isV4(address);
  }

  /**
   * Where packets to a host go: its first address of the wanted family, in the system's own order.
   * What connects afterwards will most likely take the same.
   *
   * @throws Failure if there is none
   */
  InetAddress to(String host) {
    return to(host, address -> true);
  }

  /**
   * The same for packets that are better sent to some of its addresses, if it has such. Those of
   * the family that we send from are liked better still.
   */
  InetAddress to(String host, Predicate<InetAddress> liked) {
    if (v4 && v6) {
      throw Misuse.of(command, "-4 and -6 exclude each other; give one");
    }
    List<InetAddress> ours = source == null ? List.of() : all(source);
    Comparator<InetAddress> order =
        Comparator.comparing(it -> ours.stream().noneMatch(from -> isV4(from) == isV4(it)));
    return first(
        host,
        all(host).stream().filter(this::fits).sorted(order.thenComparing(it -> !liked.test(it))));
  }

  static boolean isV4(InetAddress address) {
    return address instanceof Inet4Address;
  }

  /**
   * Where they come from; null = the kernel chooses.
   *
   * @throws Failure if what was given has no address of the target's family
   */
  @Nullable InetAddress from(InetAddress target) {
    return source == null
        ? null
        : first(source, all(source).stream().filter(it -> isV4(it) == isV4(target)));
  }

  private static InetAddress first(String name, Stream<InetAddress> wanted) {
    return wanted
        .findFirst()
        .orElseThrow(
            () -> new Failure(ExitCode.NOT_SO, name + " has no address of the wanted family"));
  }

  private static List<InetAddress> all(String name) {
    if (name.matches("\\d*")) { // the system would take this machine, or 0.0.27.88 for 7000
      throw new Failure(
          ExitCode.NOT_SO,
          "\"" + name + "\" is no host; write a name or an address, then the rest");
    }
    try {
      return List.of(InetAddress.getAllByName(name));
    } catch (UnknownHostException e) {
      throw new Failure(ExitCode.NOT_SO, "the name " + name + " is not known", e);
    }
  }
}
