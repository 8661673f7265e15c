package knockgate.gate.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import knockgate.rules.policy.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeptRulesTest {
  private static final Set<Family> BOTH = EnumSet.allOf(Family.class);

  @ParameterizedTest
  @EnumSource(Layout.class)
  void whatIsReadAgainIsWhatWasWritten(Layout layout) {
    for (Policy policy :
        List.of(Policies.example().policy(), Policies.example().kernelSet().policy())) {
      FirewallRules rules = new FirewallRules(policy, layout);
      KeptRules kept = KeptRules.parse(KeptRules.text(rules, BOTH));
      KernelSets sets = rules.sets();
      assertThat(kept.askSets()).isEqualTo(sets != null);
      for (Family family : BOTH) {
        assertThat(text(kept, family, true)).isEqualTo(rules.text(family));
        assertThat(text(kept, family, false)).isEqualTo(rules.plain().text(family));
        assertThat(kept.sets(family)).isEqualTo(sets == null ? "" : sets.text(family));
        assertThat(kept.text(family, true, table -> new Installed(2, List.of("KNOCKGATE"))))
            .as("in place of what is there")
            .isEqualTo(rules.text(family, table -> new Installed(2, List.of("KNOCKGATE"))));
      }
    }
  }

  private static String text(KeptRules kept, Family family, boolean asking) {
    return kept.text(family, asking, table -> Installed.NOTHING);
  }

  @Test
  void whatIsKeptOfTheOtherFamilyStays() {
    FirewallRules rules = new FirewallRules(Policies.example().policy(), Layout.MARK);
    FirewallRules direct = new FirewallRules(Policies.example().policy(), Layout.DIRECT);
    String before = KeptRules.text(rules, BOTH);
    Set<Family> v4 = EnumSet.of(Family.V4);
    KeptRules kept = KeptRules.parse(KeptRules.text(direct, v4) + KeptRules.others(before, v4));
    assertThat(text(kept, Family.V4, true)).isEqualTo(direct.text(Family.V4));
    assertThat(text(kept, Family.V6, true)).isEqualTo(rules.text(Family.V6));

    KeptRules alone = KeptRules.parse(KeptRules.text(rules, v4));
    assertThat(text(alone, Family.V6, true)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "== IPv4 rules\n",
        "== IPv4 rules\n*filter\n:KNOCKGATE - [0:0]\n",
        "== IPv4 rules\n*filter\n-A INPUT -j ACCEPT\nCOMMIT\n",
        "== IPv4 rules\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n",
        "== IPv4 rules\n*filter\n-F\nCOMMIT\n",
        "== IPv4 rules\n*nat\n:KNOCKGATE - [0:0]\nCOMMIT\n",
        "== IPv4 rules\nCOMMIT\n",
      })
  void nothingButTheGatesOwnRulesIsTaken(String text) {
    assertThatThrownBy(() -> KeptRules.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
