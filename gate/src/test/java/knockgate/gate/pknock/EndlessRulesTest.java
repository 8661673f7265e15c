package knockgate.gate.pknock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rules that are many, or that lead on for ever. */
@Timeout(60)
class EndlessRulesTest {
  private static final String SSH =
      "-A INPUT -p tcp -m pknock --knockports 4002,4001 --name SSH --time 10 --dport 22 -j ACCEPT";

  private static List<Refusal> refusals(List<String> rules) {
    return PknockImport.of(rules, false, false).refusals();
  }

  @Test
  void aLongListOfForbiddenSourcesIsRefusedInATimeThatNobodyNotices() {
    List<String> rules = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      rules.add("-A INPUT -s 10.%d.%d.0/24 -j DROP".formatted(i / 256, i % 256));
    }
    rules.add(SSH);
    assertThat(refusals(rules))
        .hasSize(20_000)
        .allMatch(refusal -> refusal.cause() == Cause.HIDDEN);
  }

  @Test
  void chainsThatLeadToThemselvesAreRefusedAsByIptables() {
    List<Refusal> refusals =
        refusals(List.of("-A INPUT -j a", "-A INPUT -j a", "-A a -j INPUT", SSH));
    assertThat(refusals)
        .extracting(Refusal::sentence)
        .containsExactly("the chain INPUT leads to itself: Too many levels of symbolic links");
  }

  @Test
  void chainsThatEachLeadTwiceToTheNextAreNotFollowedForEver() {
    List<String> rules = new ArrayList<>();
    String from = "INPUT";
    for (int i = 0; i < 40; i++) {
      String jump = "-A " + from + " -j chain" + i;
      rules.addAll(List.of("-N chain" + i, jump, jump));
      from = "chain" + i;
    }
    rules.add(SSH);
    assertThat(refusals(rules))
        .extracting(Refusal::sentence)
        .containsExactly("packets to tcp/0-21 meet more than 100000 rules, chain behind chain");
  }
}
