package org.pagewheel.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.acme.CallLog.Line;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.pagewheel.Buffer;
import org.pagewheel.EventReader;
import org.pagewheel.event.Event;
import org.pagewheel.event.Metadata;

/** What a buffer has of calls, by thread, as the program's own log would say it. */
record Recorded(Map<Integer, List<Line>> lines, List<Long> durations) {
  /** Reads a buffer empty; nothing may be lost. */
  static Recorded of(Buffer buffer) throws Exception {
    Map<Long, String> symbols = Metadata.process().symbols();
    Map<Integer, List<Line>> lines = new TreeMap<>();
    List<Long> durations = new ArrayList<>();
    try (EventReader events = buffer.readers().events()) {
      while (events.next()) {
        assertEquals(0, events.missed());
        Event event = events.event();
        boolean exit = event.is("ftrace", "funcgraph_exit");
        if (exit || event.is("ftrace", "funcgraph_entry")) {
          String name = symbols.get(event.getLong("func"));
          int depth = (int) event.getLong("depth");
          long time = exit ? event.getLong("rettime") : event.time();
          lines
              .computeIfAbsent(event.pid(), key -> new ArrayList<>())
              .add(new Line(name, depth, exit, time));
          if (exit) {
            durations.add(event.getLong("rettime") - event.getLong("calltime"));
          }
        }
      }
    }
    return new Recorded(lines, durations);
  }

  /** One line that says where they differ, for there are thousands. */
  static void assertSame(List<Line> expected, List<Line> lines, String prefix) {
    List<String> should = texts(expected, prefix);
    List<String> is = texts(lines, prefix);
    int same = 0;
    while (same < Math.min(should.size(), is.size()) && should.get(same).equals(is.get(same))) {
      same++;
    }
    assertEquals(
        should.subList(same, Math.min(same + 10, should.size())),
        is.subList(same, Math.min(same + 10, is.size())),
        "line " + same);
  }

  /** Without times, and with what a compiler numbers left out. */
  static List<String> texts(List<Line> lines, String prefix) {
    List<String> texts = new ArrayList<>();
    Map<String, String> known = new HashMap<>();
    for (Line line : lines) {
      String name =
          known.computeIfAbsent(
              line.method(), key -> key.replace(prefix, "").replaceAll("lambda\\$.*", "lambda\\$"));
      texts.add((line.isReturn() ? "} " : "{ ") + line.depth() + " " + name);
    }
    return texts;
  }
}
