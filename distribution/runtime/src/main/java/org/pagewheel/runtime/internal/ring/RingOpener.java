package org.pagewheel.runtime.internal.ring;

import static java.time.temporal.ChronoUnit.MILLIS;
import static java.time.temporal.ChronoUnit.SECONDS;

import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.pagewheel.BufferConfig;
import org.pagewheel.format.PageLayout;
import org.pagewheel.runtime.internal.config.Units;
import org.pagewheel.runtime.internal.lifecycle.Reports;
import org.pagewheel.runtime.internal.lifecycle.Threads;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Reason;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * Makes a backend open a ring, whatever the backend does: this ends in time, with a ring or one
 * clear line.
 */
public final class RingOpener {
  private final Supplier<Duration> patience;
  private final Consumer<String> reports;

  /** The requests from which backends have not returned. */
  private final Set<Request> pending = ConcurrentHashMap.newKeySet();

  /** The request for one ring; equal only to itself. */
  private static final class Request {
    final Backend backend;
    final BufferConfig buffer;
    final long begin = System.nanoTime();

    Request(Backend backend, BufferConfig buffer) {
      this.backend = backend;
      this.buffer = buffer;
    }

    /** A backend may return under the same name. */
    boolean isOf(Backend other, String name) {
      return backend == other && buffer.name().equals(name);
    }

    String age() {
      Duration age = Duration.ofNanos(System.nanoTime() - begin);
      return Units.time(age.truncatedTo(age.toSeconds() == 0 ? MILLIS : SECONDS));
    }
  }

  /** A ring that does not match its request. */
  private static final class UnfitException extends IOException {
    private static final long serialVersionUID = 1;

    UnfitException(String problem, Throwable cause) {
      super(problem, cause);
    }
  }

  /**
   * @param patience how long a backend may take, read each time
   * @param reports takes a line for each ring that comes late
   */
  public RingOpener(Supplier<Duration> patience, Consumer<String> reports) {
    this.patience = patience;
    this.reports = reports;
  }

  /**
   * Makes a ring. A ring that comes too late is closed at once. Until it comes the backend is not
   * asked for another for this buffer: each would take a thread and memory.
   *
   * @param used the CPUs that will have events immediately: the ring is prepared for them
   * @throws IllegalArgumentException if the backend does not like a setting
   * @throws IOException if there is no ring, in a line that says why
   */
  Ring open(Backend backend, RingConfig config, BitSet used) throws IOException {
    BufferConfig buffer = config.buffer();
    for (Request other : pending) {
      if (other.isOf(backend, buffer.name())) {
        throw failed(buffer, "is still making the ring that it was asked for before", null);
      }
    }
    Request request = new Request(backend, buffer);
    Duration timeout = patience.get();
    try {
      return Threads.call(
          "pagewheel-" + buffer.name() + "-open",
          timeout,
          () -> make(request, config, used),
          ring -> discardLate(request, ring));
    } catch (TimeoutException e) {
      throw failed(buffer, "has made no ring within " + Units.time(timeout), e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IllegalArgumentException wrong -> throw wrong;
        case UnfitException unfit -> throw failed(buffer, unfit.getMessage(), unfit.getCause());
        case OutOfMemoryError none ->
            throw failed(buffer, "has no memory for %s".formatted(size(buffer)), none);
        case Throwable cause -> {
          Reports.stack("backend " + buffer.backend(), cause);
          throw failed(buffer, "cannot make a ring: " + Reason.of(cause), cause);
        }
      }
    }
  }

  private Ring make(Request request, RingConfig config, BitSet used) throws IOException {
    pending.add(request);
    try {
      return prepared(checked(request.backend.open(config), request.buffer), used);
    } finally {
      pending.remove(request);
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

  /** The ring must have the requested size, and must respond. */
  private static Ring checked(Ring ring, BufferConfig config) throws UnfitException {
    if (ring == null) {
      throw new UnfitException("gave null for a ring", null);
    }
    String problem = "made a ring of the wrong size";
    Throwable cause = null;
    try {
      if (ring.cpus() == config.cpus()
          && ring.pageSize() == config.pageSize()
          && ring.pages() == config.pages()
          && ring.maxEventSize() == PageLayout.maxEventSize(config.pageSize())) {
        return ring;
      }
    } catch (Throwable thrown) {
      problem = "made a ring that fails: " + Reason.of(thrown);
      cause = thrown;
    }
    discard(ring);
    throw new UnfitException(problem, cause);
  }

  private void discardLate(Request request, Ring ring) {
    discard(ring);
    BufferConfig buffer = request.buffer;
    reports.accept(
        "buffer %s: backend %s made its ring too late, after %s: it is closed"
            .formatted(buffer.name(), buffer.backend(), request.age()));
  }

  /** It will not be used. */
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
