package knockgate.gate.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PortSetTest {
  @Test
  void onePortAndOneRangeNeedNoMultiport() {
    assertThat(ports(993).matches()).containsExactly("--dport 993 ");
    PortSet range = new PortSet();
    range.add(1000, 1010);
    assertThat(range.matches()).containsExactly("--dport 1000:1010 ");
  }

  @Test
  void rangesThatOverlapOrTouchBecomeOne() {
    PortSet set = new PortSet();
    set.add(20, 30);
    set.add(31, 40);
    set.add(10, 21);
    set.add(100, 100);
    assertThat(set.matches()).containsExactly("-m multiport --dports 10:40,100 ");
  }

  @Test
  void aMultiportMatchHasFifteenSlotsAndARangeTakesTwo() {
    PortSet set = new PortSet();
    IntStream.rangeClosed(1, 7).forEach(i -> set.add(i * 10, i * 10 + 1));
    set.add(80, 80);
    set.add(90, 90);
    assertThat(set.matches())
        .containsExactly(
            "-m multiport --dports 10:11,20:21,30:31,40:41,50:51,60:61,70:71,80 ", "--dport 90 ");
    PortSet sixteen = ports(IntStream.rangeClosed(1, 16).map(i -> i * 2).toArray());
    assertThat(sixteen.matches())
        .containsExactly(
            "-m multiport --dports 2,4,6,8,10,12,14,16,18,20,22,24,26,28,30 ", "--dport 32 ");
  }

  @Test
  void everyPortNeedsNoMatchAndNoPortHasNone() {
    PortSet all = ports(5, 7);
    all.addAll();
    assertThat(all.matches()).containsExactly("");
    assertThat(new PortSet().matches()).isEmpty();
  }

  @Test
  void agreesWithABitSet() {
    for (long seed = 0; seed < 2_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      PortSet set = new PortSet();
      BitSet twin = new BitSet();
      for (int i = random.nextInt(1, 40); i > 0; i--) {
        int first = random.nextInt(1, 200);
        int last = Math.min(200, first + (random.nextBoolean() ? 0 : random.nextInt(20)));
        set.add(first, last);
        twin.set(first, last + 1);
      }
      BitSet read = new BitSet();
      List<String> matches = set.matches();
      matches.forEach(match -> read(match, read));
      assertThat(read).as("seed %d: %s", seed, matches).isEqualTo(twin);
    }
  }

  /** Sets what one match holds, and checks its slots. */
  private static void read(String match, BitSet into) {
    String list = match.strip().replaceFirst("^.* ", "");
    int slots = 0;
    for (String part : list.split(",", -1)) {
      String[] ends = part.split(":", -1);
      slots += ends.length;
      int first = Integer.parseInt(ends[0]);
      int last = Integer.parseInt(ends[ends.length - 1]);
      assertThat(into.get(first, last + 1).isEmpty()).as("%s is there twice", part).isTrue();
      into.set(first, last + 1);
    }
    assertThat(slots).as(match).isLessThanOrEqualTo(15);
  }

  private static PortSet ports(int... ports) {
    PortSet set = new PortSet();
    for (int port : ports) {
      set.add(port, port);
    }
    return set;
  }
}
