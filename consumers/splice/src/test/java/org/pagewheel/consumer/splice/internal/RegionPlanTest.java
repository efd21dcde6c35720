package org.pagewheel.consumer.splice.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The room of a file is shared among its CPUs. */
class RegionPlanTest {
  @Test
  void equallyAtFirstAndThenAsItWasUsed() {
    assertArrayEquals(new long[] {40960, 40960}, RegionPlan.share(new long[2], 20 * 4096, 4096));
    assertArrayEquals(
        new long[] {17 * 4096L, 2 * 4096L},
        RegionPlan.share(new long[] {9 << 20, 0}, 19 * 4096, 4096));
    assertArrayEquals(new long[] {4096, 4096, 4096}, RegionPlan.share(new long[3], 5000, 4096));
    assertArrayEquals(new long[0], RegionPlan.share(new long[0], 5000, 4096));
  }

  @Test
  void allOfTheRoomIsGivenAndNotMore() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      long[] before = new long[random.nextInt(1, 200)];
      Arrays.setAll(before, cpu -> random.nextInt(4) == 0 ? random.nextLong(1L << 40) : 0);
      int pageSize = 4096 << random.nextInt(9);
      long room = random.nextLong(1L << 32);
      long[] regions = RegionPlan.share(before, room, pageSize);
      long pages = Math.max(room / pageSize, before.length);
      assertEquals(pages * pageSize, Arrays.stream(regions).sum(), before.length / 2);
      assertTrue(Arrays.stream(regions).allMatch(region -> region >= pageSize));
      assertTrue(Arrays.stream(regions).allMatch(region -> region % pageSize == 0));
    }
  }
}
