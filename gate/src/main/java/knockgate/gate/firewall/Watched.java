package knockgate.gate.firewall;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.Rotating;
import knockgate.rules.policy.Sequence;
import knockgate.rules.policy.Spa;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.policy.Trigger;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;
import knockgate.rules.words.Verdict;

/**
 * The packets that can matter to a policy, as the match part of rules. What is left out here costs
 * no queue work, and the gate would have let it pass without a trace:
 *
 * <ul>
 *   <li>a strict door sees every port of its protocols, since each of them can be a wrong knock;
 *       where a kernel set stands before the queue, only its knocks, and the rest as {@link
 *       #strays};
 *   <li>any other door sees its knocks and what it protects;
 *   <li>a door that messages open sees their port, or all of UDP if they close it on any, and what
 *       it protects;
 *   <li>TCP knocks are narrowed to the flags that make a packet a knock;
 *   <li>{@code unmatched = drop} leaves nothing out: the gate itself drops what no door protects.
 * </ul>
 *
 * conntrack calls a packet INVALID that begins no connection, such as a lone FIN or SYN-ACK. A door
 * whose {@code flags} count such packets gets them too; all others go by NEW alone.
 */
final class Watched {
  private static final String NEW = "-m conntrack --ctstate NEW ";
  private static final String NEW_OR_INVALID = "-m conntrack --ctstate NEW,INVALID ";

  /** The flags that xt_tcp can match; ECE and CWR are left to the gate. */
  private static final List<String> FLAG_NAMES = List.of("FIN", "SYN", "RST", "PSH", "ACK", "URG");

  private final boolean everything;
  private final Map<Protocol, PortSet> protectedPorts = new EnumMap<>(Protocol.class);
  private final Map<Protocol, PortSet> judgedAnswers = new EnumMap<>(Protocol.class);
  private final Map<Protocol, PortSet> closedAnswers = new EnumMap<>(Protocol.class);
  private final Map<TcpFlags, PortSet> tcpKnocks = new LinkedHashMap<>();
  private final PortSet udpKnocks = new PortSet();
  private final Set<TcpFlags> tcpStrays = new LinkedHashSet<>();
  private final boolean kernelSet;
  private boolean udpStrays;
  private boolean echoRequests;

  /**
   * What matters to a policy.
   *
   * @param kernelSet whether strays are told apart from knocks
   */
  Watched(Policy policy, boolean kernelSet) {
    this.kernelSet = kernelSet;
    everything = policy.unmatched() == Verdict.DROP;
    for (Door door : policy.doors()) {
      for (PortRange range : door.protects()) {
        add(protectedPorts, range.protocol(), range.first(), range.last());
      }
      if (door.killEstablished()) {
        sortAnswers(policy, door);
      }
      watch(door.trigger());
    }
  }

  private static void add(Map<Protocol, PortSet> ports, Protocol protocol, int first, int last) {
    ports.computeIfAbsent(protocol, key -> new PortSet()).add(first, last);
  }

  /** The gate cannot tell an answer from a new connection, so where those are counted, none go. */
  private void sortAnswers(Policy policy, Door door) {
    List<Door> counting = policy.doors().stream().filter(other -> other.connections() > 0).toList();
    for (PortRange range : door.protects()) {
      Protocol protocol = range.protocol();
      for (int port = range.first(); port <= range.last(); port++) {
        int each = port;
        boolean counted = counting.stream().anyMatch(other -> other.protects(protocol, each));
        add(counted ? closedAnswers : judgedAnswers, protocol, port, port);
      }
    }
  }

  private void watch(Trigger trigger) {
    if (trigger instanceof Sequence sequence) {
      watch(sequence);
    } else if (trigger instanceof Rotating rotating) {
      watch(rotating);
    } else if (trigger instanceof Spa spa && spa.hearsEverywhere()) {
      udpKnocks.addAll();
    } else if (trigger instanceof Spa spa) {
      udpKnocks.add(spa.port(), spa.port());
    }
  }

  /** Any port of the range may be a knock at some time; beyond it, as for a sequence. */
  private void watch(Rotating rotating) {
    PortRange range = rotating.knocks().range();
    watch(range.protocol(), rotating.flags(), rotating.strict(), range.first(), range.last());
  }

  private void watch(Sequence sequence) {
    for (Step step : sequence.steps()) {
      if (step.protocol() == Protocol.ICMP) {
        echoRequests = true;
      } else {
        int port = step.number();
        watch(step.protocol(), sequence.flags(), sequence.strict(), port, port);
      }
    }
  }

  /** Ports of TCP or UDP where knocks go; to a strict door all others can be wrong ones. */
  private void watch(Protocol protocol, TcpFlags flags, boolean strict, int first, int last) {
    boolean udp = protocol == Protocol.UDP;
    PortSet ports = udp ? udpKnocks : tcpKnocks.computeIfAbsent(flags, key -> new PortSet());
    if (!strict || kernelSet) {
      ports.add(first, last);
    } else {
      ports.addAll();
    }
    if (strict && udp) {
      udpStrays = true;
    } else if (strict) {
      tcpStrays.add(flags);
    }
  }

  /** Whether the gate decides on every new packet. */
  boolean everything() {
    return everything;
  }

  /** The protected destinations, in any state of the connection. */
  List<String> doors() {
    return matches(protectedPorts);
  }

  /** Those of doors that cut connections when a grant ends, where the gate judges answers. */
  List<String> judgedAnswers() {
    return matches(judgedAnswers);
  }

  /** The same, where nobody but a rescue address can answer. */
  List<String> closedAnswers() {
    return matches(closedAnswers);
  }

  private static List<String> matches(Map<Protocol, PortSet> ports) {
    return ports.entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().matches().stream()
                    .map(match -> "-p " + entry.getKey().word() + " " + match))
        .toList();
  }

  /** The packets that can be a right or a wrong knock, or that the gate drops as unmatched. */
  List<String> knocks(Family family) {
    List<String> matches = new ArrayList<>();
    matches.addAll(tcpKnocks());
    if (everything) {
      matches.add(NEW);
      return matches;
    }
    udpKnocks.matches().forEach(ports -> matches.add("-p udp " + ports + NEW));
    if (echoRequests) {
      matches.add(family.echoRequest() + " " + NEW);
    }
    return matches;
  }

  /** The packets that can be a wrong knock of a peer in the middle of a strict sequence. */
  List<String> strays() {
    List<String> matches = new ArrayList<>();
    boolean any = tcpStrays.contains(TcpFlags.ANY);
    for (TcpFlags flags : any ? Set.of(TcpFlags.ANY) : tcpStrays) {
      matches.add("-p tcp " + tcpFlags(flags) + state(flags));
    }
    if (udpStrays) {
      matches.add("-p udp " + NEW);
    }
    return matches;
  }

  private List<String> tcpKnocks() {
    PortSet whateverFlags = tcpKnocks.get(TcpFlags.ANY);
    boolean oneRuleHoldsAll = whateverFlags != null && whateverFlags.isAll();
    return tcpKnocks.entrySet().stream()
        .filter(entry -> !oneRuleHoldsAll || entry.getKey().equals(TcpFlags.ANY))
        .filter(entry -> !everything || countsInvalid(entry.getKey()))
        .flatMap(entry -> tcpKnocks(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Stream<String> tcpKnocks(TcpFlags flags, PortSet ports) {
    return ports.matches().stream()
        .map(match -> "-p tcp " + tcpFlags(flags) + match + state(flags));
  }

  private static String state(TcpFlags flags) {
    return countsInvalid(flags) ? NEW_OR_INVALID : NEW;
  }

  /**
   * Whether packets can be knocks that begin no connection: such as are not a SYN alone. SYN and
   * FIN, or SYN and RST, is a combination that conntrack finds invalid (tcp_valid_flags in
   * nf_conntrack_proto_tcp.c); those are queued only where a door asks for that flag.
   */
  private static boolean countsInvalid(TcpFlags flags) {
    return (flags.set() & TcpFlags.SYN) == 0
        || (flags.set() & (TcpFlags.FIN | TcpFlags.RST)) != 0
        || (flags.clear() & TcpFlags.ACK) == 0;
  }

  private static String tcpFlags(TcpFlags flags) {
    String examined = names(flags.set() | flags.clear());
    String set = names(flags.set());
    return examined.isEmpty()
        ? ""
        : "--tcp-flags " + examined + " " + (set.isEmpty() ? "NONE" : set) + " ";
  }

  private static String names(int bits) {
    List<String> names = new ArrayList<>();
    for (int bit = 0; bit < FLAG_NAMES.size(); bit++) {
      if ((bits >> bit & 1) == 1) {
        names.add(FLAG_NAMES.get(bit));
      }
    }
    return String.join(",", names);
  }
}
