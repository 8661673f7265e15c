package knockgate.rules.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeyHashTest {
  private static final int KEYS = 1 << 18;
  private static final long V4 = 0xffff_0000_0000L;

  @Test
  void theLowestByteIsNeverZeroAndAllElseIsAsOftenAsIsFair() {
    for (int seed = 0; seed < 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      KeyHash hash = new KeyHash(random.nextLong(), random.nextLong());
      int[] lowest = new int[256];
      int[] set = new int[Long.SIZE];
      for (int i = 0; i < KEYS; i++) {
        long hashed = hash.of(0, V4 + i); // addresses in a row
        lowest[(int) hashed & 0xff]++;
        for (int bit = 0; bit < Long.SIZE; bit++) {
          set[bit] += (int) (hashed >>> bit & 1);
        }
      }
      assertThat(lowest[0]).as("seed %d", seed).isZero();
      for (int value = 1; value < 256; value++) {
        int fair = value == 1 ? KEYS / 128 : KEYS / 256;
        assertThat(lowest[value]).as("seed %d, %d", seed, value).isBetween(fair / 2, 2 * fair);
      }
      for (int bit = 0; bit < Long.SIZE; bit++) {
        assertThat(set[bit])
            .as("seed %d, bit %d", seed, bit)
            .isBetween(KEYS * 45 / 100, KEYS * 55 / 100);
      }
    }
  }

  @Test
  void tagsOfOneKeyLeadFarApartAndLeaveTheLowestByte() {
    long hashed = new KeyHash(1, 2).of(3, 4);
    int doors = 1000;
    boolean[] regions = new boolean[1 << 16];
    int apart = 0;
    for (long door = 0; door < doors; door++) {
      long hash = KeyHash.with(hashed, door << 24);
      assertThat(hash & 0xff).isEqualTo(hashed & 0xff);
      int region = (int) hash >>> 16;
      apart += regions[region] ? 0 : 1;
      regions[region] = true;
    }
    assertThat(apart).isGreaterThan(doors * 97 / 100);
  }
}
