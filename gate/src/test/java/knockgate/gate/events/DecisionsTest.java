package knockgate.gate.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the gate remembers, against a list that forgets nothing. */
class DecisionsTest {
  private static final Reason[] CHEAP = {
    Reason.FIRST_KNOCK, Reason.NO_GRANT, Reason.WRONG_KNOCK, Reason.UNPARSABLE
  };
  private static final Reason[] DEAR = {Reason.KNOCK, Reason.OPENED, Reason.REVOKED};

  private static Decision decision(SplittableRandom random, long epochMs, Reason reason) {
    boolean v6 = random.nextBoolean();
    long hi = v6 ? 0x2001_0db8_0000_0000L : 0;
    long lo = v6 ? random.nextInt(4) : Prefix.v4(0xcb007100 + random.nextInt(8));
    return new Decision(
        epochMs,
        reason,
        random.nextBoolean() ? "imap" : null,
        new Prefix(hi, lo, random.nextInt(4) == 0 ? 127 : 128),
        random.nextBoolean() ? Protocol.UDP : null,
        random.nextInt(65_536),
        random.nextInt(32),
        random.nextInt(33),
        random.nextInt(1000) - 1,
        null,
        random.nextBoolean(),
        random.nextBoolean() ? "root" : null);
  }

  private static boolean meets(Prefix one, Prefix other) {
    return one.contains(other.hi(), other.lo()) || other.contains(one.hi(), one.lo());
  }

  @Test
  void theLatestOfEachKindAreRememberedInOrder() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    int size = 16;
    Decisions decisions = new Decisions(size);
    List<Decision> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Reason[] kind = random.nextBoolean() ? CHEAP : DEAR;
      Decision next = decision(random, i / 3, kind[random.nextInt(kind.length)]);
      assertThat(decisions.remember(next)).isEqualTo(i);
      all.add(next);

      Prefix peer = random.nextInt(3) == 0 ? null : decision(random, 0, Reason.KNOCK).peer();
      int most = 1 + random.nextInt(40);
      assertThat(decisions.latest(peer, most).decisions())
          .as("seed %d, decision %d, peer %s, most %d", seed, i, peer, most)
          .isEqualTo(expected(all, size, peer, most));
      assertThat(decisions.latest(peer, most).nextOrder()).isEqualTo(i + 1);
    }
  }

  private static List<Decision> expected(
      List<Decision> all, int size, @Nullable Prefix peer, int most) {
    Set<Decision> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    for (boolean isCheap : new boolean[] {true, false}) {
      List<Decision> kind = all.stream().filter(d -> d.reason().isCheap() == isCheap).toList();
      kept.addAll(kind.subList(Math.max(0, kind.size() - size), kind.size()));
    }
    List<Decision> found =
        all.stream()
            .filter(d -> kept.contains(d))
            .filter(d -> peer == null || meets(peer, d.peer()))
            .toList();
    return found.subList(Math.max(0, found.size() - most), found.size());
  }

  @Test
  void aFloodOfStrangersForgetsNoneOfWhatTheyCannotCause() {
    SplittableRandom random = new SplittableRandom(1);
    Decisions decisions = new Decisions(8);
    Decision opened = decision(random, 5, Reason.OPENED);
    decisions.remember(opened);
    for (int i = 0; i < 1000; i++) {
      decisions.remember(decision(random, 10 + i, Reason.FIRST_KNOCK));
    }
    assertThat(decisions.latest(null, 100).decisions()).hasSize(9).first().isEqualTo(opened);
  }

  @Test
  void itSaysSinceWhenNothingWasForgotten() {
    SplittableRandom random = new SplittableRandom(1);
    Decisions decisions = new Decisions(8);
    for (int i = 0; i < 8; i++) {
      decisions.remember(decision(random, 100 + i, Reason.NO_GRANT));
      decisions.remember(decision(random, 100 + i, Reason.KNOCK));
    }
    assertThat(decisions.completeSinceMs()).isNull();
    decisions.remember(decision(random, 200, Reason.NO_GRANT));
    assertThat(decisions.completeSinceMs()).isEqualTo(101);
  }
}
