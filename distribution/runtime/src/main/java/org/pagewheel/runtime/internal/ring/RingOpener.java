package org.pagewheel.runtime.internal.ring;

import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.pagewheel.BufferConfig;
import org.pagewheel.format.PageLayout;
import org.pagewheel.runtime.internal.InTime;
import org.pagewheel.runtime.internal.config.Units;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * Has a backend make a ring, whatever that does: it ends in time, with a ring or one clear line.
 */
public final class RingOpener {
  private final Supplier<Duration> patience;

  /**
   * @param patience how long a backend may take, asked each time
   */
  public RingOpener(Supplier<Duration> patience) {
    this.patience = patience;
  }

  /**
   * Makes a ring. A backend that is late makes its ring for nobody: it is closed at once.
   *
   * @param used the CPUs that will have events at once: the ring is prepared for them
   * @throws IllegalArgumentException if the backend does not like a setting
   * @throws IOException if there is no ring, in a line that says why
   */
  Ring open(Backend backend, RingConfig config, BitSet used) throws IOException {
    BufferConfig buffer = config.buffer();
    Ring ring = checked(inTime(buffer, () -> backend.open(config)), buffer);
    if (used.isEmpty()) {
      return ring;
    }
    try {
      return inTime(buffer, () -> prepared(ring, used));
    } catch (Error full) { // here, not where the ring is prepared
      discard(ring);
      throw full;
    }
  }

  private static Ring prepared(Ring ring, BitSet used) throws IOException {
    boolean done = false;
    try {
      for (int cpu = used.nextSetBit(0); cpu >= 0; cpu = used.nextSetBit(cpu + 1)) {
        ring.prepare(cpu);
      }
      done = true;
      return ring;
    } finally {
      if (!done) {
        discard(ring);
      }
    }
  }

  private Ring inTime(BufferConfig buffer, Callable<Ring> call) throws IOException {
    Duration timeout = patience.get();
    try {
      return InTime.call(
          "pagewheel-" + buffer.name() + "-open", timeout, call, RingOpener::discard);
    } catch (TimeoutException e) {
      throw failed(buffer, "has made no ring within " + Units.time(timeout), e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IllegalArgumentException wrong -> throw wrong;
        case OutOfMemoryError none ->
            throw failed(buffer, "has no memory for %s".formatted(size(buffer)), none);
        case Throwable cause -> {
          String what = cause instanceof IOException ? cause.getMessage() : cause.toString();
          throw failed(buffer, "cannot make a ring: " + what, cause);
        }
      }
    }
  }

  /** The ring must be as large as was asked for, and must answer. */
  private static Ring checked(Ring ring, BufferConfig config) throws IOException {
    if (ring == null) {
      throw failed(config, "gave null for a ring", null);
    }
    String problem = "made a ring of another size than was asked for";
    Throwable cause = null;
    try {
      if (ring.cpus() == config.cpus()
          && ring.pageSize() == config.pageSize()
          && ring.pages() == config.pages()
          && ring.maxEventSize() == PageLayout.maxEventSize(config.pageSize())) {
        return ring;
      }
    } catch (Throwable thrown) {
      problem = "made a ring that fails: " + thrown;
      cause = thrown;
    }
    discard(ring);
    throw failed(config, problem, cause);
  }

  /** Nobody will use it. */
  private static void discard(Ring ring) {
    try {
      ring.close();
    } catch (Throwable thrown) {
      // more cannot be done
    }
  }

  private static IOException failed(BufferConfig config, String what, Throwable cause) {
    return new IOException(
        "buffer %s: backend %s %s".formatted(config.name(), config.backend(), what), cause);
  }

  private static String size(BufferConfig config) {
    return "%d CPUs x %d pages of %s"
        .formatted(config.cpus(), config.pages(), Units.bytes(config.pageSize()));
  }
}
