package knockgate.gate.doctor;

import static knockgate.gate.firewall.Family.V4;
import static knockgate.gate.firewall.Family.V6;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import knockgate.gate.policy.PolicyLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What doctor makes of rules that are not the policy's as a whole. */
class FamilyRulesTest {
  @TempDir private Path folder;

  @Test
  void aBypassInTheFilterTableOpensEveryDoor() throws IOException {
    Texts texts = new Texts("direct");
    texts.replace(V4, "--queue-num 0\n", "--queue-num 0 --queue-bypass\n");
    List<Finding> findings = examine(DoctorTest.SSH, texts);
    assertThat(findings).extracting(Finding::about).containsExactly("rules", "bypass");
    assertThat(findings.get(1).cure())
        .isEqualTo(
            "iptables-nft -t filter -D KNOCKGATE-QUEUE -j NFQUEUE --queue-num 0 --queue-bypass");
  }

  @Test
  void rulesMadeByHandAreToldApartFromNone() throws IOException {
    Texts texts = new Texts("direct");
    String byHand =
        """
        *filter
        :INPUT ACCEPT [0:0]
        -A INPUT -m conntrack --ctstate NEW -j NFQUEUE --queue-num 0 --queue-bypass
        """;
    texts.saved.put(V4, byHand);
    texts.saved.put(V6, byHand.replace(" --queue-bypass", ""));
    List<Finding> findings = examine(DoctorTest.SSH, texts);
    assertThat(findings).extracting(Finding::about).containsExactly("rules", "rules", "bypass");
    assertThat(findings.get(0).sentence()).contains("fed by rules that are not the gate's own");
  }

  @Test
  void theMarkLayoutUnderAPolicyWithoutAMarkIsNotThatOfThePolicy() throws IOException {
    List<Finding> findings = examine("mark = none\n" + DoctorTest.SSH, new Texts("mark"));
    assertThat(findings).extracting(Finding::about).containsOnly("rules");
    assertThat(findings.get(0).cure()).contains("--layout direct");
  }

  /** So does "rules --apply" where sets cannot be had: the gate sees all that it must see. */
  @Test
  void plainRulesInPlaceOfThoseWithSetsOnlyCostMore() throws IOException {
    Texts texts = new Texts("mark");
    texts.modules = new Machine.Modules("", "", "", "");
    String policy = "queue.filter = kernel-set\n" + DoctorTest.SSH;
    assertThat(examine(policy, texts))
        .extracting(Finding::sentence)
        .containsExactly(withoutSet("IPv4"), withoutSet("IPv6"));
    assertThat(examine(policy, texts).get(0).cure())
        .isEqualTo("apt install ipset && knockgate rules -4 --apply");
    texts.replace(V4, "KNOCKGATE-DOORS -j DROP\n", "");
    assertThat(examine(policy, texts).get(0).sentence()).contains("not that of the policy");
  }

  private static String withoutSet(String family) {
    return family
        + ": the rules are without the kernel set, so every packet that a strict door must see"
        + " comes to the queue";
  }

  private List<Finding> examine(String policy, Texts texts) throws IOException {
    Path file = Files.writeString(folder.resolve("p.conf"), policy);
    return Doctor.findings(PolicyLoader.load(file), texts.machine(), "knockgate rules");
  }
}
