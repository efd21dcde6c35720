package org.pagewheel.consumer.network.internal;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.PageFormat;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.tracedat.TraceMetadata;
import org.pagewheel.tracedat.TraceOption;

/** Makes headers, and knows when there is more to send than one contains. */
final class HeaderMaker implements AutoCloseable {
  /** Both as of one moment, so that what is recorded as sent is what was sent. */
  private record Now(
      List<EventFormat> formats, Map<Integer, String> threadNames, Map<Long, String> symbols)
      implements Metadata {}

  /** Runs on threads that write events, so it only counts. */
  private static final class Counter extends AtomicLong implements Metadata.Listener {
    private static final long serialVersionUID = 1;

    @Override
    public void format(EventFormat format) {
      incrementAndGet();
    }

    @Override
    public void threadName(int pid, String name) {
      incrementAndGet();
    }

    @Override
    public void symbol(long address, String name) {
      incrementAndGet();
    }
  }

  private final Buffer buffer;
  private final Metadata metadata;
  private final Counter changes = new Counter();
  private final Runnable unwatch;

  /** The ids of all types at the last look, for types that have no description are no news. */
  private BitSet known = new BitSet();

  private int knownFormats = -1;

  HeaderMaker(ConsumerContext context) {
    this.buffer = context.buffer();
    this.metadata = context.metadata();
    this.unwatch = metadata.watch(changes);
  }

  /** A header for a page, with all that is known now. */
  Header make(int cpu, int pageSize) {
    int formats = metadata.formatCount();
    long seen = changes.get();
    Now now = new Now(metadata.formats(), metadata.threadNames(), metadata.symbols());
    String clock = clock();
    int cpus = Math.max(buffer.config().cpus(), cpu + 1);
    TraceMetadata file =
        TraceMetadata.builder(PageFormat.of(pageSize))
            .add(now)
            .cpuCount(cpus)
            .clock(buffer.config().clock())
            .option(TraceOption.uname())
            .option(TraceOption.version())
            .build();
    return new Header(
        file,
        clock,
        pageSize,
        cpus,
        ids(now.formats),
        Map.copyOf(now.threadNames).keySet(),
        formats,
        seen,
        System.nanoTime());
  }

  private static BitSet ids(List<EventFormat> formats) {
    BitSet ids = new BitSet();
    formats.forEach(format -> ids.set(format.id()));
    return ids;
  }

  String clock() {
    return buffer.config().clock().timeline();
  }

  /** Whether a page may have something that the header lacks but a new one would have. */
  boolean hasMore(Header header) {
    return header.formats() != metadata.formatCount() || header.changes() != changes.get();
  }

  /** Whether a new header would describe a type. */
  boolean isKnown(int type) {
    int formats = metadata.formatCount();
    if (formats != knownFormats) {
      known = ids(metadata.formats());
      knownFormats = formats;
    }
    return known.get(type);
  }

  /** Whether a new header would name a thread. */
  boolean isNamed(int thread) {
    return metadata.threadNames().containsKey(thread);
  }

  @Override
  public void close() {
    unwatch.run();
  }
}
