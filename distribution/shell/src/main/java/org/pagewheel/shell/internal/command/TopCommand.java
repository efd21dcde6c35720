package org.pagewheel.shell.internal.command;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.pagewheel.Buffer;
import org.pagewheel.Counters;
import org.pagewheel.runtime.ConsumerStatus;
import org.pagewheel.shell.internal.print.Table;
import org.pagewheel.shell.internal.terminal.Stop;
import org.pagewheel.shell.internal.terminal.Terminals;
import org.pagewheel.spi.Quantity;

/** The command top: rates and losses, again and again. */
public final class TopCommand {
  /** The functions of this class, for Gogo. */
  public static final String[] FUNCTIONS = {"top"};

  private static final String USAGE = "top [BUFFER...] [-n TIMES] [-i INTERVAL]";
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

  /** What was counted at a moment, since the buffers were made. */
  private record Moment(long nanos, Map<String, Counters> buffers, Map<String, Long> pages) {}

  /**
   * Prints rates and losses until a key is pressed, or a number of times; where there is no
   * terminal to press a key on, once.
   *
   * @param session where to print to
   * @param arguments the buffers, how often and at what interval
   */
  @Descriptor("refresh rates, losses and fill of buffers and consumers, until a key is pressed")
  public void top(
      CommandSession session,
      @Descriptor(
              "[BUFFER...] [-n TIMES] [-i INTERVAL]: all buffers if none is named, until a key or"
                  + " Ctrl-C, every 1 s; once where there is no terminal")
          String... arguments) {
    Arguments parsed = new Arguments(USAGE, Set.of("-n", "-i"), Set.of(), arguments);
    List<String> names = parsed.plain(0, Integer.MAX_VALUE);
    names.forEach(services.buffers()::get);
    Duration interval = interval(parsed);
    PrintStream out = Terminals.out(session);
    boolean refresh = Terminals.isReal(session);
    int times = parsed.number("-n", refresh || hasUser() ? Integer.MAX_VALUE : 1);
    int columns = Terminals.columns(session);
    Moment before = now(names);
    try (Stop stop = Stop.open(session);
        Terminals.Keys _ = Terminals.keys(session, stop)) {
      for (int i = 0; i < times && !out.checkError(); i++) {
        if (stop.within(interval)) {
          return;
        }
        Moment now = now(names);
        out.print((refresh ? CLEAR : i == 0 ? "" : "\n") + text(before, now, columns));
        out.flush();
        before = now;
      }
    } catch (InterruptedException e) {
      // the user has had enough
    }
  }

  /** Whether somebody sits there who can press Ctrl-C, without a terminal of the session too. */
  private static boolean hasUser() {
    return System.console() instanceof Console console && console.isTerminal();
  }

  private static Duration interval(Arguments parsed) {
    String text = parsed.value("-i");
    if (text == null) {
      return Duration.ofSeconds(1);
    }
    try {
      long nanos = Quantity.nanos("-i", text);
      if (nanos >= SHORTEST_NANOS) {
        return Duration.ofNanos(nanos);
      }
    } catch (IllegalArgumentException e) {
      throw parsed.wrong(e.getMessage());
    }
    throw parsed.wrong("-i " + text + " is shorter than 10 ms");
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
    return Table.fitted(cells, right, columns) + consumers(before, now, seconds, columns);
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

  /** A rate, never below 0: counters of a buffer that was made anew begin again. */
  private static String rate(long count, double seconds) {
    return String.format(Locale.ROOT, "%,.0f", Math.max(0, count) / seconds);
  }
}
