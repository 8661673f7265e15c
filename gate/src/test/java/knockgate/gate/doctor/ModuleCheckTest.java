package knockgate.gate.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import knockgate.gate.doctor.Machine.Modules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What doctor makes of what a machine tells of its kernel modules. */
class ModuleCheckTest {
  static Stream<Modules> enough() {
    String asModules = Texts.ALL_BUILT_IN.replace("=y", "=m");
    return Stream.of(
        new Modules("", "", "", ""), // the machine tells nothing: nothing is claimed
        new Modules(asModules, "", "", ""),
        new Modules(asModules, "", "", dep("xt_NFQUEUE")),
        new Modules("", "xt_NFQUEUE 16384 1 - Live 0x0\n", "", dep("")),
        new Modules("", "", "kernel/net/netfilter/xt_NFQUEUE.ko\n", dep("")));
  }

  @ParameterizedTest
  @MethodSource("enough")
  void modulesThatAreThereOrMayBeAreNotMissing(Modules modules) {
    assertThat(ModuleCheck.findings(modules, false, false)).isEmpty();
  }

  static Stream<Modules> tooFew() {
    String config = Texts.ALL_BUILT_IN;
    String line = "CONFIG_NETFILTER_XT_TARGET_NFQUEUE=y";
    return Stream.of(
        new Modules(config.replace(line, "# " + line + " is not set"), "", "", ""),
        new Modules(config.replace(line, line.replace("=y", "=m")), "", "", dep("xt_NFLOG")),
        new Modules("", "", "", dep("xt_NFLOG")));
  }

  @ParameterizedTest
  @MethodSource("tooFew")
  void aMissingModuleIsNamedWithItsPurpose(Modules modules) {
    assertThat(ModuleCheck.findings(modules, false, false))
        .extracting(Finding::sentence)
        .containsExactly("this kernel has no xt_NFQUEUE, needed for the rule that fills the queue");
  }

  @Test
  void setsAreNeededOnlyWhereRulesHaveThem() {
    Modules modules = new Modules(Texts.ALL_BUILT_IN, "", "", "");
    assertThat(ModuleCheck.findings(modules, true, false))
        .extracting(finding -> finding.sentence().split(",", -1)[0])
        .containsExactly("this kernel has no ip_set", "this kernel has no xt_set");
  }

  @Test
  void connectionTrackingMustBeReachableWhereADoorCutsConnections() {
    Modules modules = new Modules(Texts.ALL_BUILT_IN, "", "", "");
    assertThat(ModuleCheck.findings(modules, false, true))
        .extracting(Finding::sentence)
        .containsExactly("this kernel has no nf_conntrack_netlink, needed for kill-established");
    Modules loadable = new Modules("", "", "", dep("xt_NFQUEUE") + dep("nf_conntrack_netlink"));
    assertThat(ModuleCheck.findings(loadable, false, true)).isEmpty();
  }

  /** A modules.dep with everything that the gate needs but xt_NFQUEUE, and one module more. */
  private static String dep(String more) {
    return Stream.of(
            "nfnetlink_queue", "nf_conntrack", "xt_conntrack", "xt_multiport", "xt_mark", more)
        .map(module -> "kernel/net/netfilter/" + module + ".ko.xz: kernel/net/x.ko.xz\n")
        .reduce("", String::concat);
  }
}
