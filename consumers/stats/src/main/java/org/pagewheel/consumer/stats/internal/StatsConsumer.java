package org.pagewheel.consumer.stats.internal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.ObjectName;
import org.pagewheel.Buffer;
import org.pagewheel.Clock;
import org.pagewheel.Page;
import org.pagewheel.consumer.stats.BufferMXBean;
import org.pagewheel.consumer.stats.BufferReport;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.PageConsumer;

/**
 * Counts what is on the pages of a buffer, and reports it by JMX, as text, and as events in the
 * buffer itself.
 *
 * <p>How it works: a thread takes a snapshot each second; two in a row make the rates, and what
 * changed between them is written as events. After a second in which nothing but these events came,
 * the thread sleeps until a page with others comes: an unused buffer has no events of ours and
 * costs nothing. Writers do nothing for this.
 */
final class StatsConsumer implements PageConsumer, BufferMXBean {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final ConsumerContext context;
  private final Buffer buffer;
  private final boolean writesEvents;
  private final Consumer<StatsConsumer> closing;

  /** The name under which it is registered. */
  private ObjectName name;

  private MetricsServer server;

  /** Guarded by this, as all below. */
  private final Tallies tallies = new Tallies();

  /** Of the last page. */
  private Clock known;

  private Snapshot before;
  private Snapshot last;

  /** Whether events other than ours came since the last snapshot. */
  private boolean isActive;

  private boolean closed;

  private StatsConsumer(
      ConsumerContext context, StatsSettings settings, Consumer<StatsConsumer> closing) {
    this.context = context;
    this.buffer = context.buffer();
    this.writesEvents = settings.events();
    this.closing = closing;
    this.last = snapshot();
    this.before = last;
  }

  /** Begins, and registers the bean. */
  static StatsConsumer open(
      ConsumerContext context, StatsSettings settings, Consumer<StatsConsumer> closing)
      throws IOException {
    String buffer = context.buffer().name();
    StatsConsumer consumer = new StatsConsumer(context, settings, closing);
    try {
      consumer.register();
    } catch (JMException e) {
      throw new IOException("no bean for buffer " + buffer + ": " + e.getMessage(), e);
    }
    try {
      if (settings.httpPort() != StatsSettings.NONE) {
        consumer.server = MetricsServer.start(settings.httpPort(), consumer::openMetrics);
      }
    } catch (IOException e) {
      consumer.unregister();
      throw e;
    } catch (NoClassDefFoundError e) {
      consumer.unregister();
      throw new IllegalArgumentException(
          "http-port: this Java has no module jdk.httpserver; remove the setting, or use a full"
              + " JDK",
          e);
    }
    Thread.ofPlatform().daemon().name("pagewheel-stats-" + buffer).start(consumer::tick);
    return consumer;
  }

  String bufferName() {
    return buffer.name();
  }

  ConsumerContext context() {
    return context;
  }

  @Override
  public synchronized void accept(Page page, long missed) {
    Clock clock = buffer.config().clock();
    long now = clock.now();
    if (clock != known) {
      known = clock;
      tallies.scale(clock.scale());
    }
    int from = StatsEvents.lowestId();
    int to = StatsEvents.highestId();
    if (tallies.add(page.cpu(), page.memory(), now, from, to) > 0 && !isActive) {
      isActive = true;
      notifyAll();
    }
  }

  /** The thread: a snapshot each second while there is something to report. */
  private void tick() {
    try {
      while (awaitNext()) {
        Snapshot from;
        Snapshot to = snapshot();
        synchronized (this) {
          from = last;
          before = last;
          last = to;
        }
        if (writesEvents) {
          StatsEvents.write(buffer, from, to);
        }
      }
    } catch (InterruptedException e) {
      // nothing should interrupt it; if something does, it ends
    }
  }

  /** Waits for the next second after one in which something came; false if there is none. */
  private synchronized boolean awaitNext() throws InterruptedException {
    while (!closed && !isActive) {
      wait();
      last =
          last.at(
              System.nanoTime()); // nothing came meanwhile: what comes next belongs to one second
      before = last;
    }
    long until = System.nanoTime() + SECOND;
    long left = SECOND;
    while (!closed && left > 0) {
      wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
      left = until - System.nanoTime();
    }
    isActive = false;
    return !closed;
  }

  private Snapshot snapshot() {
    List<org.pagewheel.Counters> counters =
        IntStream.range(0, buffer.config().cpus()).mapToObj(buffer::totals).toList();
    var consumers = context.consumers();
    var observed = context.latencies();
    var formats = context.metadata().formats();
    synchronized (this) {
      OptionalLong error = buffer.config().clock().error();
      return new Snapshot(
          System.nanoTime(),
          buffer.name(),
          buffer.isOn(),
          buffer.offReason().orElse(null),
          counters,
          tallies.cpus(),
          tallies.types(),
          formats,
          consumers,
          tallies.latency(),
          observed,
          error.isPresent() ? error.getAsLong() : null);
    }
  }

  @Override
  public BufferReport getReport() {
    Snapshot now = snapshot();
    synchronized (this) {
      boolean isOver = now.nanos() - last.nanos() > 2 * SECOND;
      return now.report(isOver ? last : before, last);
    }
  }

  @Override
  public String openMetrics() {
    return OpenMetrics.text(List.of(getReport()));
  }

  /** If another Pagewheel of this process has a buffer of this name, as its next instance. */
  private void register() throws JMException {
    String plain = "org.pagewheel:type=Statistics,name=" + buffer.name();
    for (int i = 1; name == null; i++) {
      ObjectName next = new ObjectName(i == 1 ? plain : plain + ",instance=" + i);
      try {
        ManagementFactory.getPlatformMBeanServer().registerMBean(this, next);
        name = next;
      } catch (InstanceAlreadyExistsException e) {
        // the next one, then
      }
    }
  }

  private void unregister() {
    try {
      ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
    } catch (JMException e) {
      // it is already done
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    closing.accept(this);
    unregister();
    if (server != null) {
      server.close();
    }
  }
}
