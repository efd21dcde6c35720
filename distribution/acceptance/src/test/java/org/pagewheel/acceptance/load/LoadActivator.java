package org.pagewheel.acceptance.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.pagewheel.Buffer;
import org.pagewheel.Buffers;
import org.pagewheel.event.EventType;
import org.pagewheel.spi.ConsumerFactory;

/**
 * Writes numbered events into the buffer {@code kept} on several threads, and offers a consumer
 * {@code book} that finds out whether each came once. The account is a service of the JDK's type
 * Supplier; it gives what was written once the bundle is told to stop writing, by asking for it.
 */
public final class LoadActivator implements BundleActivator {
  static final EventType<Step> STEP = EventType.of("load", Step.class);
  private static final int WRITERS = 4;
  private static final long PAUSE_NANOS = 50_000;

  private final List<Thread> writers = new ArrayList<>();
  private final long[] written = new long[WRITERS];
  private final Book book = new Book(WRITERS);
  private volatile boolean stop;

  /** Made by the framework. */
  public LoadActivator() {}

  @Override
  public void start(BundleContext context) {
    context.registerService(ConsumerFactory.class, book, null);
    Buffers buffers = context.getService(context.getServiceReference(Buffers.class));
    Buffer buffer = buffers.get("kept");
    for (int i = 0; i < WRITERS; i++) {
      int number = i;
      writers.add(Thread.ofPlatform().name("load-" + i).start(() -> write(buffer, number)));
    }
    Supplier<Map<String, Long>> account = this::account;
    context.registerService(Supplier.class, account, null);
  }

  private void write(Buffer buffer, int number) {
    while (!stop) {
      if (STEP.record(buffer, new Step(number, written[number]))) {
        written[number]++;
      }
      if (written[number] % 4 == 0) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** Ends the writing. */
  private Map<String, Long> account() {
    stop = true;
    long sum = 0;
    try {
      for (Thread writer : writers) {
        writer.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    for (long each : written) {
      sum += each;
    }
    return Map.of(
        "written", sum, "came", book.came(), "wrong", book.wrong(), "missed", book.missed());
  }

  @Override
  public void stop(BundleContext context) {
    account();
  }
}
