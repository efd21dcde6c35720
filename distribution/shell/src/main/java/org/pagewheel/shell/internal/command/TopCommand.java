package org.pagewheel.shell.internal.command;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pagewheel.Buffer;
import org.pagewheel.Counters;
import org.pagewheel.analysis.LiveLatency;
import org.pagewheel.runtime.ConsumerStatus;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.Json;
import org.pagewheel.shell.internal.print.Table;
import org.pagewheel.shell.internal.terminal.Stop;
import org.pagewheel.shell.internal.terminal.Terminals;
import org.pagewheel.spi.ObservedLatency;
import org.pagewheel.spi.Quantity;

/** The command top: rates and losses, again and again. */
public final class TopCommand {
  private static final long SHORTEST_NANOS = 10_000_000;
  private static final String CLEAR = "\u001b[H\u001b[2J";
  private static final double NANOS_PER_SECOND = 1e9;

  private static final List<String> HEADINGS =
      List.of(
          "buffer",
          "backend",
          "state",
          "events/s",
          "read/s",
          "overrun/s",
          "refused/s",
          "filled",
          "lost");

  private final Services services;

  public TopCommand(Services services) {
    this.services = services;
  }

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        Command.named(
                "top",
                "refresh rates, losses and fill of buffers and consumers, and latencies, until a"
                    + " key is pressed")
            .any("BUFFER", Kind.BUFFER)
            .means("all buffers if none is named; once where there is no terminal")
            .option("-n", "TIMES", Kind.NEW, "as many times, instead of until a key or Ctrl-C")
            .option("-i", "INTERVAL", Kind.NEW, "how long between two, by default 1s")
            .printing()
            .example("top -i 5s", "every five seconds")
            .runs(this::top));
  }

  /** What was counted at a moment, since the buffers were made. */
  private record Moment(long nanos, Map<String, Counters> buffers, Map<String, Long> pages) {}

  private Object top(Call call) {
    List<String> names = call.plain();
    names.forEach(services.buffers()::get);
    Duration interval = interval(call);
    PrintStream out = call.out();
    boolean refresh = Terminals.isReal(call.session()) && !call.isJson();
    int times =
        call.number("-n", refresh || Terminals.hasUser(call.session()) ? Integer.MAX_VALUE : 1);
    int columns = Terminals.columns(call.session());
    Moment before = now(names);
    try (Stop stop = Stop.open(call.session());
        Terminals.Keys _ = Terminals.keys(call.session(), stop)) {
      for (int i = 0; i < times && !out.checkError(); i++) {
        if (stop.within(interval)) {
          return null;
        }
        Moment now = now(names);
        out.print(
            call.isJson()
                ? Json.of(json(before, now)) + "\n"
                : (refresh ? CLEAR : i == 0 ? "" : "\n") + text(before, now, columns));
        out.flush();
        before = now;
      }
    } catch (InterruptedException e) {
      // the user has ended it
    }
    return null;
  }

  private static Duration interval(Call call) {
    String text = call.value("-i");
    if (text == null) {
      return Duration.ofSeconds(1);
    }
    try {
      long nanos = Quantity.nanos("-i", text);
      if (nanos >= SHORTEST_NANOS) {
        return Duration.ofNanos(nanos);
      }
    } catch (IllegalArgumentException e) {
      throw call.wrong(e.getMessage());
    }
    throw call.wrong("-i " + text + " is shorter than 10 ms");
  }

  /** Buffers that have gone meanwhile are left out. */
  private List<Buffer> buffers(List<String> names) {
    return services.buffers().list().stream()
        .filter(buffer -> names.isEmpty() || names.contains(buffer.name()))
        .toList();
  }

  private Moment now(List<String> names) {
    Map<String, Counters> counters = new HashMap<>();
    buffers(names).forEach(buffer -> counters.put(buffer.name(), buffer.totals()));
    Map<String, Long> pages = new HashMap<>();
    services.administration().consumers().forEach(each -> pages.put(key(each), each.pages()));
    return new Moment(System.nanoTime(), counters, pages);
  }

  private static String key(ConsumerStatus consumer) {
    return consumer.buffer() + "/" + consumer.name();
  }

  private String text(Moment before, Moment now, int columns) {
    double seconds = (now.nanos() - before.nanos()) / NANOS_PER_SECOND;
    List<List<String>> cells = new ArrayList<>();
    cells.add(HEADINGS);
    for (Buffer buffer : buffers(List.copyOf(now.buffers().keySet()))) {
      Counters last = before.buffers().getOrDefault(buffer.name(), Counters.ZERO);
      cells.add(line(buffer, last, now.buffers().get(buffer.name()), seconds));
    }
    boolean[] right = new boolean[HEADINGS.size()];
    Arrays.fill(right, 3, right.length, true);
    return Table.fitted(cells, right, columns)
        + consumers(before, now, seconds, columns)
        + latencies(List.copyOf(now.buffers().keySet()), columns);
  }

  /** What is observed on the buffers, since it was begun. */
  private String latencies(List<String> names, int columns) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(
        List.of(
            "buffer",
            "latency",
            "met",
            "p50",
            "p99",
            "most",
            "open",
            "unpaired",
            "missed",
            "busy"));
    for (Buffer buffer : buffers(names)) {
      for (LiveLatency each : LiveLatency.on(buffer)) {
        LiveLatency.Line line = each.line();
        cells.add(
            List.of(
                buffer.name(),
                each.question(),
                String.format(Locale.ROOT, "%,d", line.spans()),
                line.p50(),
                line.p99(),
                line.most(),
                Long.toString(line.open()),
                Long.toString(line.unpaired()),
                line.missed(),
                Math.round(100 * each.busy()) + "%"));
      }
    }
    boolean[] right = new boolean[cells.getFirst().size()];
    Arrays.fill(right, 2, right.length, true);
    return cells.size() == 1 ? "" : "\n" + Table.fitted(cells, right, columns);
  }

  private static List<String> line(Buffer buffer, Counters last, Counters now, double seconds) {
    Counters since = buffer.counters();
    return List.of(
        buffer.name(),
        buffer.config().backend(),
        buffer.isOn() ? "on" : "off",
        rate(now.written() - last.written(), seconds),
        rate(now.read() - last.read(), seconds),
        rate(now.overrun() - last.overrun(), seconds),
        rate(now.refused() - last.refused(), seconds),
        filled(buffer, now) + "%",
        String.format(Locale.ROOT, "%,d", since.overrun() + since.refused()));
  }

  /** Of the memory of the CPUs that are in use. */
  private static long filled(Buffer buffer, Counters now) {
    long room = 0;
    for (int cpu = 0; cpu < buffer.readers().cpus(); cpu++) {
      if (buffer.counters(cpu).written() > 0) {
        room += (long) buffer.config().pages() * buffer.config().pageSize();
      }
    }
    return room == 0 ? 0 : Math.min(100, 100 * now.bytes() / room);
  }

  private String consumers(Moment before, Moment now, double seconds, int columns) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("consumer", "type", "state", "pages/s", "missed", "queued"));
    for (ConsumerStatus each : services.administration().consumers()) {
      if (now.buffers().containsKey(each.buffer())) {
        long pages = each.pages() - before.pages().getOrDefault(key(each), 0L);
        cells.add(
            List.of(
                key(each),
                each.type(),
                each.state().name().toLowerCase(Locale.ROOT),
                rate(pages, seconds),
                String.format(Locale.ROOT, "%,d", each.missed()),
                Integer.toString(each.queued())));
      }
    }
    boolean[] right = {false, false, false, true, true, true};
    return cells.size() == 1 ? "" : "\n" + Table.fitted(cells, right, columns);
  }

  /** A rate, never below 0: the counters of a buffer that was made anew restart. */
  private static String rate(long count, double seconds) {
    return String.format(Locale.ROOT, "%,.0f", perSecond(count, seconds));
  }

  /** Rates as numbers for a second. */
  private Map<String, Object> json(Moment before, Moment now) {
    double seconds = (now.nanos() - before.nanos()) / NANOS_PER_SECOND;
    List<Map<String, Object>> buffers = new ArrayList<>();
    for (Buffer buffer : buffers(List.copyOf(now.buffers().keySet()))) {
      Counters last = before.buffers().getOrDefault(buffer.name(), Counters.ZERO);
      Counters counters = now.buffers().get(buffer.name());
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("buffer", buffer.name());
      one.put("backend", buffer.config().backend());
      one.put("on", buffer.isOn());
      one.put("written_per_s", perSecond(counters.written() - last.written(), seconds));
      one.put("read_per_s", perSecond(counters.read() - last.read(), seconds));
      one.put("overrun_per_s", perSecond(counters.overrun() - last.overrun(), seconds));
      one.put("refused_per_s", perSecond(counters.refused() - last.refused(), seconds));
      one.put("filled_percent", filled(buffer, counters));
      Counters since = buffer.counters();
      one.put("lost", since.overrun() + since.refused());
      buffers.add(one);
    }
    List<Map<String, Object>> consumers = new ArrayList<>();
    for (ConsumerStatus each : services.administration().consumers()) {
      if (now.buffers().containsKey(each.buffer())) {
        long pages = each.pages() - before.pages().getOrDefault(key(each), 0L);
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("buffer", each.buffer());
        one.put("consumer", each.name());
        one.put("state", each.state());
        one.put("pages_per_s", perSecond(pages, seconds));
        one.put("missed", each.missed());
        one.put("queued", each.queued());
        consumers.add(one);
      }
    }
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("buffers", buffers);
    object.put("consumers", consumers);
    object.put("latencies", latencies(List.copyOf(now.buffers().keySet())));
    return object;
  }

  /** Lengths as numbers of nanoseconds. */
  private List<Map<String, Object>> latencies(List<String> names) {
    List<Map<String, Object>> found = new ArrayList<>();
    for (Buffer buffer : buffers(names)) {
      for (LiveLatency each : LiveLatency.on(buffer)) {
        ObservedLatency spread = each.spread();
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("buffer", buffer.name());
        one.put("latency", spread.question());
        one.put("met", spread.count());
        one.put("p50", spread.p50());
        one.put("p99", spread.p99());
        one.put("most", spread.max());
        one.put("waiting", spread.waiting());
        one.put("unpaired", spread.unpaired());
        one.put("missed", spread.missed());
        one.put("busy", spread.busy());
        found.add(one);
      }
    }
    return found;
  }

  private static double perSecond(long count, double seconds) {
    return Math.max(0, count) / seconds;
  }
}
