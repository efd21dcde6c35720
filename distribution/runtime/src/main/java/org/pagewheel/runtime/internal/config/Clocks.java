package org.pagewheel.runtime.internal.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.pagewheel.Clock;

/**
 * The clocks by name. Only clocks that equal the kernel's clock of the same name are here: not
 * {@code local} (its zero is unknown outside the kernel), and none that allocates for each reading.
 */
public final class Clocks {
  private Clocks() {}

  private static final Map<String, Supplier<Clock>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("mono", () -> Clock.MONO);
    ALL.put("global", () -> Clock.of("global", ordered(Clock.MONO)));
    ALL.put("counter", () -> Clock.of("counter", new AtomicLong()::incrementAndGet));
    ALL.put("x86-tsc", Clock::x86Tsc);
    ALL.put("mono-tsc", Clock::monoTsc);
  }

  /**
   * All of them, the default first. One that cannot be had here throws an {@link
   * UnsupportedOperationException} with the reason; one that counts begins anew each time.
   */
  static Map<String, Supplier<Clock>> all() {
    return Collections.unmodifiableMap(ALL);
  }

  /** The names of those that can be had here. */
  public static List<String> names() {
    return ALL.keySet().stream().filter(Clocks::isThere).toList();
  }

  private static boolean isThere(String name) {
    try {
      return ALL.get(name).get() != null;
    } catch (UnsupportedOperationException e) {
      return false;
    }
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
