package org.pagewheel.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pagewheel.BufferConfig;
import org.pagewheel.Mode;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** What all groups of tests share: rings that are closed after each test, a time-out, a seed. */
@ExtendWith(GroupNames.class)
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class Promises {
  /** A usual size of events: three longs. */
  static final int USUAL = 24;

  /** A size of which four go on the smallest page. */
  static final int BIG = 1000;

  static final int SMALL_PAGE = 4096;

  final RingConformance kit;
  final ManualClock clock = new ManualClock();
  final ManualCpu cpu = new ManualCpu();
  private final List<BookedRing> rings = new ArrayList<>();

  Promises(RingConformance kit) {
    this.kit = kit;
  }

  /** A ring with four pages of 4 KiB for one CPU. */
  final BookedRing open(Mode mode) {
    return open(mode, 4, SMALL_PAGE, 1);
  }

  final BookedRing open(Mode mode, int pages, int pageSize, int cpus) {
    return open(config(mode, pages, pageSize).withClock(cpus, clock, cpu));
  }

  final BufferConfig config(Mode mode, int pages, int pageSize) {
    return BufferConfig.of("tck", kit.backend().name())
        .withBackend(kit.backend().name(), kit.settings())
        .withMode(mode)
        .withPages(pages, pageSize);
  }

  final BookedRing open(BufferConfig config) {
    BookedRing ring = new BookedRing(this::openRing, config, clock, cpu);
    rings.add(ring);
    return ring;
  }

  final Ring openRing(RingConfig config) {
    return openWith(kit.backend(), config);
  }

  static Ring openWith(Backend backend, RingConfig config) {
    try {
      return backend.open(config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Random numbers of a run that can be repeated: the seed is printed. */
  final Random random() {
    return new Random(Seed.next(getClass().getSimpleName()));
  }

  @AfterEach
  final void closeRings() {
    for (BookedRing ring : rings) {
      ring.ring.close();
      Assertions.assertEquals(List.of(), ring.faults, "faults that the ring found in itself");
    }
  }
}
