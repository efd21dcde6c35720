package org.pagewheel.shell.internal.command;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pagewheel.Buffer;
import org.pagewheel.EventReader;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.shell.internal.declaration.Arguments;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.print.EventJson;
import org.pagewheel.shell.internal.print.EventLines;
import org.pagewheel.shell.internal.print.EventPrinter;
import org.pagewheel.shell.internal.print.ShownTimes;
import org.pagewheel.shell.internal.print.WallTime;
import org.pagewheel.spi.Quantity;

/** The events of a buffer that the user wants to see. For one thread. */
final class EventFilter {
  /** Shows nanoseconds, as {@code trace-cmd report} has it. */
  static final String NANOS = "-t";

  static final String NANOS_MEANING = "nanoseconds instead of microseconds";

  /** The keys of a range of time. */
  static final String FROM = "from";

  static final String TO = "to";

  private static final Pattern SECONDS = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?");
  private static final int PLACES = 9;

  private final int most;
  private final List<Pattern> patterns;
  private final long from;
  private final long to;

  private final ShownTimes times;

  /** The ids of the matching types, and how many types are known. */
  private final BitSet ids = new BitSet();

  private int known;

  private EventFilter(int most, List<Pattern> patterns, ShownTimes times, long from, long to) {
    this.most = most;
    this.patterns = patterns;
    this.times = times;
    this.from = from;
    this.to = to;
  }

  /** How many; −1 for all. */
  int most() {
    return most;
  }

  /** Reads the arguments after the buffer's name, and {@code from=} and {@code to=}. */
  static EventFilter of(Call call, Buffer buffer) {
    Arguments arguments = call.arguments();
    int most = -1;
    List<Pattern> patterns = new ArrayList<>();
    List<String> plain = arguments.plain();
    for (String text : plain.subList(1, plain.size())) {
      if (text.indexOf(':') >= 0 || text.indexOf('*') >= 0) {
        patterns.add(pattern(arguments, text));
      } else if (most < 0) {
        most = arguments.number("N", text);
      } else {
        throw arguments.wrong("too many arguments, from '" + text + "' on");
      }
    }
    ShownTimes times = ShownTimes.of(buffer.config().clock());
    return new EventFilter(
        most,
        patterns,
        times,
        time(arguments, FROM, Long.MIN_VALUE, buffer, times),
        time(arguments, TO, Long.MAX_VALUE, buffer, times));
  }

  /** Prints the wanted events, with the types and threads known now. */
  static EventPrinter printer(Call call, Buffer buffer) {
    WallTime wall = call.wall(buffer.config().clock());
    return call.isJson()
        ? new EventJson(Metadata.process(), ShownTimes.of(buffer.config().clock()), wall)
        : EventLines.of(
            buffer, call.has(NANOS) ? EventLines.Style.NANOS : EventLines.Style.MICROS, wall);
  }

  private static Pattern pattern(Arguments arguments, String text) {
    Pattern pattern =
        Pattern.compile(
            Stream.of(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
    if (Metadata.process().formats().stream().noneMatch(type -> matches(pattern, type))) {
      throw arguments.wrong("no event type matches " + text + ", ring:events lists them");
    }
    return pattern;
  }

  private static boolean matches(Pattern pattern, EventFormat type) {
    return pattern.matcher(type.system() + ":" + type.name()).matches();
  }

  private static long time(
      Arguments arguments, String key, long otherwise, Buffer buffer, ShownTimes times) {
    String text = arguments.value(key);
    if (text == null) {
      return otherwise;
    }
    boolean seconds = times.areSeconds();
    var printed = SECONDS.matcher(text);
    if (printed.matches() && seconds) {
      String places = printed.group(2) == null ? "" : printed.group(2);
      long nanos = Long.parseLong(places + "0".repeat(PLACES - places.length()));
      long time = Long.parseLong(printed.group(1)) * 1_000_000_000 + nanos;
      long half = places.isEmpty() ? 0 : rounded(places);
      return key.equals(TO) ? time + Math.max(0, half - 1) : time - half;
    }
    try {
      return seconds
          ? times.shown(buffer.config().clock().now()) - Quantity.nanos(key, text)
          : Long.parseLong(text);
    } catch (IllegalArgumentException e) {
      String ago = seconds ? ", or such as 10s for so long ago" : "";
      throw arguments.wrong(key + " must be a time as it is printed" + ago + ", not " + text);
    }
  }

  /** Half of the last place: what was printed was rounded by up to that. */
  private static long rounded(String places) {
    return (long) Math.pow(10, PLACES - places.length()) / 2;
  }

  /** Whether the reader's event is within the wanted time. */
  boolean isInTime(EventReader events) {
    long time = times.shown(events.time());
    return time >= from && time <= to;
  }

  /** Whether it is of a wanted type. */
  boolean isOfType(EventReader events) {
    if (patterns.isEmpty()) {
      return true;
    }
    var payload = events.payload();
    return payload.byteSize() >= Short.BYTES
        && ids().get(payload.get(ValueLayout.JAVA_SHORT_UNALIGNED, 0) & 0xffff);
  }

  /** Types may become known at any time. */
  private BitSet ids() {
    int count = Metadata.process().formatCount();
    if (known != count) {
      for (EventFormat type : Metadata.process().formats()) {
        ids.set(type.id(), patterns.stream().anyMatch(pattern -> matches(pattern, type)));
      }
      known = count;
    }
    return ids;
  }
}
