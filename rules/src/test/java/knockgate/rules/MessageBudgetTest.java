package knockgate.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A quarter of a processor, a tenth of a second's worth at once. */
class MessageBudgetTest {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final long COST_NS = 1_000;

  private final MessageBudget budget = new MessageBudget();

  @Test
  void aQuarterOfTheTimeAndATenthOfASecondsWorthInAdvance() {
    long spentNs = 0;
    for (long nowNs = 0; nowNs <= SECOND_NS; nowNs += COST_NS) {
      spentNs += budget.take(COST_NS, nowNs) ? COST_NS : 0;
    }
    assertThat(spentNs).isEqualTo((SECOND_NS + MessageBudget.BURST_NS) / 4);
  }

  @Test
  void explanationsLeaveHalfOfTheBurstToJudging() {
    long explainedNs = 0;
    while (budget.takeSpare(COST_NS, 0)) {
      explainedNs += COST_NS;
    }
    long judgedNs = 0;
    while (budget.take(COST_NS, 0)) {
      judgedNs += COST_NS;
    }
    assertThat(explainedNs).isEqualTo(judgedNs).isEqualTo(MessageBudget.BURST_NS / 2 / 4);
    assertThat(budget.takeSpare(COST_NS, MessageBudget.BURST_NS / 2)).isFalse();
    assertThat(budget.takeSpare(COST_NS, MessageBudget.BURST_NS / 2 + 4 * COST_NS)).isTrue();
  }

  @Test
  void whatCostsMoreThanABurstIsTakenOnceAllIsEarnedBack() {
    long dear = MessageBudget.BURST_NS;
    assertThat(budget.take(dear, 0)).isTrue();
    assertThat(budget.take(dear, 4 * dear - 1)).isFalse();
    assertThat(budget.take(dear, 4 * dear)).isTrue();
  }
}
