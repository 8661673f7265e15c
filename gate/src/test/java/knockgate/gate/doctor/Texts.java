package knockgate.gate.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import knockgate.gate.doctor.Machine.Firewall;
import knockgate.gate.doctor.Machine.Holder;
import knockgate.gate.doctor.Machine.Modules;
import knockgate.gate.firewall.Family;
import knockgate.nfq.QueueStatistics;
import org.jspecify.annotations.Nullable;

/** A machine on which all is well, by captured texts; a test spoils one of them. */
final class Texts {
  static final String ADDRESSES =
      """
      20010db8000000000000000000000001 04 40 00 80     eth0
      fe8000000000000000fc00fffe000001 04 40 20 80     eth0
      00000000000000000000000000000001 01 80 10 80       lo
      """;

  /** {@code ss -f netlink -mn} of a gate with a queue of the usual length; port 9669 is its. */
  static final String SOCKETS =
      """
      Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess
      0      0                 12:0                 *    	 skmem:(r0,rb212992,t0,tb212992,f0,w0)
      0      0                 12:9669              *    	 skmem:(r0,rb37748736,t0,tb212992,f0,w0)
      """;

  static final String ALL_BUILT_IN =
      """
      CONFIG_NETFILTER_NETLINK_QUEUE=y
      CONFIG_NETFILTER_XT_TARGET_NFQUEUE=y
      CONFIG_NF_CONNTRACK=y
      CONFIG_NETFILTER_XT_MATCH_CONNTRACK=y
      CONFIG_NETFILTER_XT_MATCH_MULTIPORT=y
      CONFIG_NETFILTER_XT_MARK=y
      """;

  final Map<Family, String> saved = new EnumMap<>(Family.class);
  @Nullable String legacyV4;
  final Map<Family, String> refusals = new EnumMap<>(Family.class);
  String routing = "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n";
  QueueStatistics queue = new QueueStatistics(0, 9669, 0, 2, 2048, 0, 0, 17);
  final Map<Integer, Holder> holders = new HashMap<>();
  String sockets = SOCKETS;
  String addresses = ADDRESSES;
  Modules modules = new Modules(ALL_BUILT_IN, "", "", "");
  boolean synchronised = true;
  final Set<String> programs = new HashSet<>();

  /** All is well, in the layout {@code mark} or {@code direct}. */
  Texts(String layout) {
    saved.put(Family.V4, resource(layout + "-4.txt"));
    saved.put(Family.V6, resource(layout + "-6.txt"));
    holders.put(0, new Holder("process 4711 (java)", true, 9669));
  }

  /**
   * Spoils the rules of a family.
   *
   * @throws AssertionError if the text is not there
   */
  void replace(Family family, String text, String by) {
    String before = saved.get(family);
    if (before == null || !before.contains(text)) {
      throw new AssertionError("\"" + text + "\" is not in\n" + before);
    }
    saved.put(family, before.replace(text, by));
  }

  Machine machine() {
    Map<Family, List<Firewall>> firewalls = new EnumMap<>(Family.class);
    saved.forEach(
        (family, text) -> firewalls.put(family, List.of(new Firewall("iptables-nft", text))));
    String legacy = legacyV4;
    if (legacy != null) {
      Firewall first = new Firewall("iptables-nft", saved.getOrDefault(Family.V4, ""));
      firewalls.put(Family.V4, List.of(first, new Firewall("iptables-legacy", legacy)));
    }
    return new Machine(
        firewalls,
        refusals,
        "iptables-nft",
        routing,
        List.of(queue),
        holders,
        sockets,
        addresses,
        modules,
        synchronised,
        programs);
  }

  static String resource(String name) {
    try (InputStream in = Texts.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
