package knockgate.gate.firewall;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import knockgate.gate.fault.Failure;

/** The two iptables that a machine may have beside each other; each keeps rules of its own. */
public final class Variants {
  private static final String LEGACY = "iptables-legacy";
  private static final List<String> NAMES = List.of("iptables-nft", LEGACY);

  /** Of the network namespace that this thread stands in. */
  private static final Path NET = Path.of("/proc/thread-self/net");

  private Variants() {}

  /** Those that have rules of the gate; one that is not there, or does not tell, has none. */
  public static List<String> withGate(Set<Family> families) {
    return NAMES.stream()
        .filter(name -> families.stream().anyMatch(family -> hasGate(name, family)))
        .toList();
  }

  private static boolean hasGate(String name, Family family) {
    if (name.equals(LEGACY) && !isLegacyInUse(family)) {
      return false; // Asking would make the kernel load tables that nobody wants.
    }
    try {
      Iptables tool = new Iptables(name, family);
      return Arrays.stream(Table.values()).anyMatch(table -> !tool.installed(table).isNothing());
    } catch (Failure notThere) {
      return false;
    }
  }

  /** Whether a family has tables of iptables-legacy, with rules or without. */
  public static boolean isLegacyInUse(Family family) {
    String names = family == Family.V4 ? "ip_tables_names" : "ip6_tables_names";
    try {
      return !Files.readString(NET.resolve(names)).isEmpty();
    } catch (IOException none) {
      return false;
    }
  }
}
