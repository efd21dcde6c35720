package org.pagewheel.acceptance.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.pagewheel.Buffer;
import org.pagewheel.Buffers;
import org.pagewheel.event.EventType;
import org.pagewheel.spi.ConsumerFactory;

/**
 * Writes numbered events into the buffer {@code kept} on several threads, asks for its counters all
 * the while, and offers consumers {@code book} and {@code copy} that find out whether each event
 * came once. The account is a service of the JDK's type Supplier; asking for it ends the writing
 * and gives what was written.
 */
public final class LoadActivator implements BundleActivator {
  static final EventType<Step> STEP = EventType.of("load", Step.class);
  private static final int WRITERS = 8;
  private static final long PAUSE_NANOS = 50_000;

  private final List<Thread> writers = new ArrayList<>();
  private final long[] written = new long[WRITERS];
  private final Book book = new Book("book", WRITERS);
  private final Book copy = new Book("copy", WRITERS);
  private Poll poll;
  private volatile boolean stop;

  /** Made by the framework. */
  public LoadActivator() {}

  @Override
  public void start(BundleContext context) {
    context.registerService(ConsumerFactory.class, book, null);
    context.registerService(ConsumerFactory.class, copy, null);
    Buffers buffers = context.getService(context.getServiceReference(Buffers.class));
    Buffer buffer = buffers.get("kept");
    for (int i = 0; i < WRITERS; i++) {
      int number = i;
      writers.add(Thread.ofPlatform().name("load-" + i).start(() -> write(buffer, number)));
    }
    poll = new Poll(buffer);
    Supplier<Map<String, Object>> account = this::account;
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
  private Map<String, Object> account() {
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
    Map<String, Object> account = new TreeMap<>();
    account.put("written", sum);
    account.put("came", List.of(book.came(), copy.came()));
    account.put("wrong", book.wrong() + copy.wrong());
    account.put("missed", book.missed() + copy.missed());
    account.put("counted", poll.counted());
    account.put("fallen", poll.fallen());
    return account;
  }

  @Override
  public void stop(BundleContext context) {
    account();
    poll.stop();
  }
}
