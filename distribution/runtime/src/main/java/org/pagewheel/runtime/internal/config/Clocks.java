package org.pagewheel.runtime.internal.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.pagewheel.Clock;

/**
 * The clocks by name. Only clocks that equal the kernel's clock of the same name are here: not
 * {@code local} (its zero is unknown outside the kernel), and none that allocates for each reading.
 */
public final class Clocks {
  private Clocks() {}

  /** All of them, the default first; a clock that counts begins anew at each call. */
  public static Map<String, Clock> all() {
    Map<String, Clock> clocks = new LinkedHashMap<>();
    clocks.put("mono", Clock.MONO);
    clocks.put("global", Clock.of("global", ordered(Clock.MONO)));
    clocks.put("counter", Clock.of("counter", new AtomicLong()::incrementAndGet));
    return clocks;
  }

  /** One order across all CPUs: no reading is earlier than one that finished before it began. */
  private static LongSupplier ordered(Clock clock) {
    AtomicLong latest = new AtomicLong(Long.MIN_VALUE);
    return () -> {
      long now = clock.now();
      long seen = latest.get();
      while (now > seen) {
        long witness = latest.compareAndExchange(seen, now);
        if (witness == seen) {
          return now;
        }
        seen = witness;
      }
      return seen;
    };
  }
}
