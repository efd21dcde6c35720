package com.example.tally;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.pagewheel.Page;
import org.pagewheel.event.CommonFields;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.PageConsumer;

/**
 * Counts events by name, and appends a line of JSON to a file for each flush interval in which
 * there were any:
 *
 * <pre>{@code
 * {"time":"2026-01-31T12:00:00Z","buffer":"main","lost":0,"events":{"shop:order_filled":31}}
 * }</pre>
 *
 * {@code lost} are the events that came neither into the counts nor into those of an earlier line;
 * −1 if their number is unknown.
 */
final class TallyConsumer implements PageConsumer {
  // No lock: Pagewheel calls a consumer's methods on one thread at a time.
  private final ConsumerContext context;
  private final BufferedWriter out;

  /** Events since the last line, by the number of their type. */
  private final Map<Integer, Long> counts = new HashMap<>();

  private final Map<Integer, String> names = new HashMap<>();
  private long lost;

  /** A buffer's pages are all of one size until somebody changes it while it runs. */
  private PageCursor cursor;

  private long pageSize;

  TallyConsumer(ConsumerContext context, Path file) throws IOException {
    this.context = context;
    this.out = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Override
  public void accept(Page page, long missed) throws IOException {
    if (page.memory().byteSize() != pageSize) {
      pageSize = page.memory().byteSize();
      cursor = new PageCursor(PageFormat.of((int) pageSize));
    }
    lose(missed); // what this consumer was too slow for
    try {
      cursor.reset(page.memory());
      lose(cursor.missed()); // what the ring had lost before this page
      while (cursor.next()) {
        long fields = page.memory().get(PageLayout.LONG, cursor.payloadOffset());
        counts.merge(CommonFields.type(fields), 1L, Long::sum);
      }
    } catch (DamagedPageException e) {
      lost = -1;
      throw new IOException("page " + page.sequence() + " is damaged: " + e.getMessage(), e);
    }
  }

  private void lose(long events) {
    lost = lost < 0 || events < 0 ? -1 : lost + events;
  }

  /** Called when no page is at hand, so that writing takes no time from reading. */
  @Override
  public void flush() throws IOException {
    if (counts.isEmpty() && lost == 0) {
      return;
    }
    Map<String, Long> byName = new TreeMap<>();
    counts.forEach((type, count) -> byName.merge(name(type), count, Long::sum));
    StringJoiner events = new StringJoiner(",", "{", "}");
    byName.forEach((name, count) -> events.add("\"" + name + "\":" + count));
    String line = "{\"time\":\"%s\",\"buffer\":\"%s\",\"lost\":%d,\"events\":%s}";
    // Names of buffers, systems and events are plain: there is nothing to be escaped in them.
    out.write(line.formatted(Instant.now(), context.buffer().name(), lost, events));
    out.newLine();
    out.flush();
    counts.clear();
    lost = 0;
  }

  /** Types are defined while the program runs: who meets an unknown one asks again. */
  private String name(int type) {
    if (!names.containsKey(type)) {
      for (EventFormat format : context.metadata().formats()) {
        names.put(format.id(), format.system() + ":" + format.name());
      }
    }
    return names.getOrDefault(type, "unknown:" + type);
  }

  @Override
  public void close() throws IOException {
    try (out) {
      flush();
    }
  }
}
