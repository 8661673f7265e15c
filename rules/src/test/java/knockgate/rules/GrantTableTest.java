package knockgate.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import knockgate.rules.table.KeyHash;
import org.junit.jupiter.api.Test;

class GrantTableTest {
  private static final long TAG = GrantTag.of(3);
  private static final long MINUTE = 60_000;

  private final List<Grant> ended = new ArrayList<>();
  private final List<String> told = new ArrayList<>();

  @Test
  void aGrantWithoutAnEndGoesWhenItsConnectionsAreSpent() {
    GrantTable grants = table(1);
    assertThat(grants.add(0, 1, TAG, 0, GrantTable.NEVER, 2)).isTrue();
    assertThat(grants.consume(0, 1, TAG, MINUTE, 101)).isOne();
    grants.sweep(60 * MINUTE, ended::add);
    assertThat(grants.consume(0, 1, TAG, 60 * MINUTE, 102)).isZero();
    told.clear();
    grants.sweep(62 * MINUTE, ended::add);
    assertThat(grants.consume(0, 1, TAG, 62 * MINUTE, 102)).as("its SYN, sent again").isZero();
    assertThat(grants.consume(0, 1, TAG, 62 * MINUTE, 103)).isEqualTo(-1);
    assertThat(grants.add(0, 2, TAG, 62 * MINUTE, GrantTable.NEVER, 2)).isFalse();
    grants.sweep(63 * MINUTE, ended::add);
    assertThat(grants.add(0, 2, TAG, 63 * MINUTE, GrantTable.NEVER, 2)).isTrue();
    assertThat(ended).as("or its last connection would be cut").isEmpty();
    assertThat(told).containsExactly("2 until 274877906943, 2 left");
  }

  @Test
  void oneThatIsRenewedMeanwhileStays() {
    GrantTable grants = table(1);
    grants.add(0, 1, TAG, 0, GrantTable.NEVER, 1);
    grants.consume(0, 1, TAG, MINUTE, 101);
    grants.add(0, 1, TAG, 2 * MINUTE, GrantTable.NEVER, 1);
    grants.sweep(9 * MINUTE, ended::add);
    assertThat(grants.isGranted(0, 1, TAG, 9 * MINUTE)).isTrue();
    grants.consume(0, 1, TAG, 9 * MINUTE, 101);
    grants.sweep(10 * MINUTE, ended::add);
    assertThat(grants.size()).isOne();
  }

  @Test
  void oneThatHasAnEndStaysUntilThenAndIsToldOf() {
    GrantTable grants = table(1);
    grants.add(0, 1, TAG, 0, 60 * MINUTE, 1);
    grants.consume(0, 1, TAG, 0, 101);
    grants.sweep(59 * MINUTE, ended::add);
    assertThat(grants.size()).isOne();
    grants.sweep(60 * MINUTE, ended::add);
    assertThat(ended).containsExactly(new Grant(0, 1, TAG, 60 * MINUTE, 0));
  }

  /** Or kill-established would not cut what it let in, and the state file would keep it. */
  @Test
  void whoeverMakesRoomForAnotherIsToldOf() {
    GrantTable grants = table(1);
    grants.add(0, 1, TAG, 0, 1000, GrantTable.UNLIMITED);
    told.clear();
    assertThat(grants.add(0, 2, TAG, 1001, 2000, 5)).isTrue();
    assertThat(told).containsExactly("1 until 0, 0 left", "2 until 2000, 5 left");
  }

  private GrantTable table(int limit) {
    GrantTable grants = new GrantTable(limit, new KeyHash(1, 2));
    grants.watch(
        (hi, lo, tag, deadlineMs, connections) ->
            told.add(lo + " until " + deadlineMs + ", " + connections + " left"));
    return grants;
  }
}
