package knockgate.gate.doctor;

import java.util.List;
import java.util.Map;
import java.util.Set;
import knockgate.gate.firewall.Family;
import knockgate.nfq.QueueStatistics;

/**
 * Everything that doctor looks at, as it was read, before anybody thinks about it. A text is empty
 * where the machine has no such thing.
 *
 * @param firewalls per family what the tools print that keep rules there, the usual tool first
 * @param refusals families whose rules could not be read, with the tool's words
 * @param tool the iptables that a command of the gate takes if none is named
 * @param routing {@code ip rule} and {@code ip -6 rule}
 * @param queues the kernel's table of queues
 * @param holders who holds the queues of the policy, or others where nobody has those
 * @param sockets {@code ss -f netlink -mn}: netlink sockets with their buffers
 * @param addressesV6 {@code /proc/net/if_inet6}
 * @param modules what the kernel has and can load
 * @param clockSynchronised whether the kernel holds its clock for right
 * @param programs firewall programs at work: firewalld, dockerd, ufw
 */
record Machine(
    Map<Family, List<Firewall>> firewalls,
    Map<Family, String> refusals,
    String tool,
    String routing,
    List<QueueStatistics> queues,
    Map<Integer, Holder> holders,
    String sockets,
    String addressesV6,
    Modules modules,
    boolean clockSynchronised,
    Set<String> programs) {

  /**
   * The rules that one tool keeps.
   *
   * @param tool such as {@code iptables-nft}
   * @param saved what its {@code -save} prints
   */
  record Firewall(String tool, String saved) {}

  /**
   * Who holds a queue.
   *
   * @param who process and name, for people
   * @param isGate whether it is a knockgate
   * @param port netlink port of its socket
   */
  record Holder(String who, boolean isGate, long port) {}

  /**
   * What the kernel has, by the four places that tell.
   *
   * @param config its configuration, {@code CONFIG_X=y} lines
   * @param loaded {@code /proc/modules}
   * @param builtIn {@code modules.builtin}
   * @param loadable {@code modules.dep}
   */
  record Modules(String config, String loaded, String builtIn, String loadable) {}
}
