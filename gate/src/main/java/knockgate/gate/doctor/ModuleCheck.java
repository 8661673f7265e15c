package knockgate.gate.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import knockgate.gate.doctor.Machine.Modules;

/** Whether the kernel has what the rules and the queue are made of. */
final class ModuleCheck {
  /**
   * A part of the kernel.
   *
   * @param module its name as a module
   * @param option its name in the kernel's configuration
   * @param purpose what the gate needs it for
   */
  private record Part(String module, String option, String purpose) {}

  private static final List<Part> PARTS =
      List.of(
          new Part("nfnetlink_queue", "NETFILTER_NETLINK_QUEUE", "the queue"),
          new Part("xt_NFQUEUE", "NETFILTER_XT_TARGET_NFQUEUE", "the rule that fills the queue"),
          new Part("nf_conntrack", "NF_CONNTRACK", "telling new connections from old ones"),
          new Part("xt_conntrack", "NETFILTER_XT_MATCH_CONNTRACK", "the rules about new packets"),
          new Part("xt_multiport", "NETFILTER_XT_MATCH_MULTIPORT", "rules with several ports"),
          new Part("xt_mark", "NETFILTER_XT_MARK", "the mark of admitted packets"));

  private static final List<Part> SET_PARTS =
      List.of(
          new Part("ip_set", "IP_SET", "queue.filter = kernel-set"),
          new Part("xt_set", "NETFILTER_XT_SET", "queue.filter = kernel-set"));

  private static final Part CUT_PART =
      new Part("nf_conntrack_netlink", "NF_CT_NETLINK", "kill-established");

  private ModuleCheck() {}

  /**
   * Parts that are missing for certain; where the machine does not tell, nothing is said.
   *
   * @param sets whether the policy's rules ask kernel sets
   * @param cuts whether a door of the policy cuts connections
   */
  static List<Finding> findings(Modules modules, boolean sets, boolean cuts) {
    List<Part> needed = new ArrayList<>(PARTS);
    if (sets) {
      needed.addAll(SET_PARTS);
    }
    if (cuts) {
      needed.add(CUT_PART);
    }
    return needed.stream()
        .filter(part -> isMissing(part, modules))
        .map(ModuleCheck::finding)
        .toList();
  }

  private static boolean isMissing(Part part, Modules modules) {
    if (has(modules.loaded(), "(?m)^" + part.module + " ") || inTree(part, modules.builtIn())) {
      return false;
    }
    boolean known = !modules.config().isEmpty();
    if (has(modules.config(), "(?m)^CONFIG_" + part.option + "=y$")) {
      return false;
    }
    boolean asModule = has(modules.config(), "(?m)^CONFIG_" + part.option + "=m$");
    if (known && !asModule) {
      return true;
    }
    return !modules.loadable().isEmpty() && !inTree(part, modules.loadable());
  }

  /** A line of modules.dep or modules.builtin begins with the path of a file, perhaps packed. */
  private static boolean inTree(Part part, String list) {
    return has(list, "(?m)^\\S*/" + part.module + "\\.ko(\\.\\w+)?(:|$)");
  }

  private static boolean has(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).find();
  }

  private static Finding finding(Part part) {
    return new Finding(
        "modules",
        "this kernel has no " + part.module + ", needed for " + part.purpose,
        "install the rest of the kernel's modules (apt install linux-modules-extra-$(uname -r) on"
            + " Ubuntu), or a kernel with CONFIG_"
            + part.option);
  }
}
