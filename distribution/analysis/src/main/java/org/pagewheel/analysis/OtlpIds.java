package org.pagewheel.analysis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ids of spans, and which of them are open on which thread. The same file has the same ids each
 * time. For one thread.
 */
final class OtlpIds {
  private static final int MAX_FLOWS = 1 << 16;
  private static final long MIX = 0x9e3779b97f4a7c15L;
  private static final HexFormat HEX = HexFormat.of();

  /** A span: its own id, that of the first one around it, and that of the one around it or 0. */
  static final class Context {
    final long id;
    final long root;
    final long parent;
    final long begin;
    final long thread;

    /** What its flows come from. */
    final List<Context> links = new ArrayList<>();

    Context(long id, Context around, long begin, long thread) {
      this.id = id;
      this.root = around == null ? id : around.root;
      this.parent = around == null ? 0 : around.id;
      this.begin = begin;
      this.thread = thread;
    }

    String traceId() {
      return HEX.toHexDigits(mix(root ^ MIX)) + HEX.toHexDigits(root);
    }

    String spanId() {
      return HEX.toHexDigits(id);
    }
  }

  private final long seed;
  private final Map<Long, List<Context>> threads = new HashMap<>();
  private final Map<Long, Context> open = new HashMap<>();

  private final Map<Long, Context> flows =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Context> eldest) {
          return size() > MAX_FLOWS;
        }
      };

  OtlpIds(List<Trace> traces) {
    long all = MIX;
    for (Trace trace : traces) {
      // The recording, not the file's name: copies of it are the same.
      boolean isKnown = trace.process().isPresent();
      String name = isKnown ? trace.process().getAsInt() + " " + trace.wallOffset() : trace.name();
      for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
        all = mix(all ^ each);
      }
    }
    seed = all;
  }

  private static long mix(long number) {
    long mixed = (number ^ number >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }

  private static long thread(LaneEvents at) {
    return (long) at.traceIndex << Integer.SIZE | at.tid() & 0xffffffffL;
  }

  /** The innermost span that was open on the event's thread at a time; null if none. */
  Context around(LaneEvents at, long time) {
    List<Context> all = threads.getOrDefault(thread(at), List.of());
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).begin <= time) {
        return all.get(i);
      }
    }
    return null;
  }

  /** A span of one event, or of two that are not on one thread. */
  Context single(LaneEvents at, String name, long begin, long number) {
    long id = mix(seed ^ mix(thread(at) ^ mix(begin ^ mix(number ^ mix(name.hashCode())))));
    return new Context(id == 0 ? 1 : id, around(at, begin), begin, thread(at));
  }

  /** A span that begins with the event, and that others may be in. */
  Context begin(LaneEvents at, String name, long number, boolean isAsync) {
    Context context = single(at, name, at.time(), number);
    open.put(context.id, context);
    if (!isAsync) {
      threads.computeIfAbsent(context.thread, key -> new ArrayList<>()).add(context);
    }
    return context;
  }

  /** The span with this id, which ends; null if there is none. */
  Context end(long id) {
    Context context = open.remove(id);
    if (context != null) {
      threads.computeIfPresent(
          context.thread, (key, all) -> all.remove(context) && all.isEmpty() ? null : all);
    }
    return context;
  }

  /** A flow goes through a span: links it to where the flow was before. */
  void flow(long flow, Context context) {
    Context before = flows.put(flow, context);
    if (before != null && before != context && !context.links.contains(before)) {
      context.links.add(before);
    }
  }
}
