package org.pagewheel.analysis;

import java.util.LinkedHashMap;
import java.util.Map;
import org.pagewheel.analysis.Latency.Found;
import org.pagewheel.analysis.Latency.Pair;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField.Role;
import org.pagewheel.event.EventFormat;

/**
 * How long spans take. A filter applies to those of a span's events that have its fields; if it
 * rejects an event, the whole span is left out.
 */
final class SpanLatency {
  private static final int LEFT_OUT = -1;

  private final Latency question;
  private final Matching asked;
  private final Matching named;
  private final SpanTypes types;
  private final Cells cells;
  private final Found found = new Found();
  private final Pending pending;

  /**
   * Prepares.
   *
   * @param asked the question, with its filter
   * @param named all events of the span
   */
  SpanLatency(Latency question, Matching asked, Matching named) {
    this.question = question;
    this.asked = asked;
    this.named = named;
    this.types = new SpanTypes(question.traces);
    this.cells = new Cells(question.traces);
    this.pending = new Pending(question.most);
    named.formats().forEach(SpanLatency::checkIsSpan);
  }

  /** Refuses a plain event. */
  static void checkIsSpan(EventFormat format) {
    if (SpanTypes.field(format).isEmpty()) {
      throw new IllegalArgumentException(
          TypeIndex.name(format)
              + " is not a span: name two events, or one of a type that begins and ends");
    }
  }

  Found find(Merged events) {
    for (LaneEvents at = events.next(); at != null; at = events.next()) {
      SpanTypes.Part part = types.of(at);
      if (part != null && named.test(at)) {
        try {
          look(at, part, cells.event(at).getLong(part.field()));
        } catch (IllegalStateException e) {
          found.damaged++;
        }
      }
    }
    found.lost(events, question.traces);
    for (int entry = pending.oldest(); entry != 0; entry = pending.oldest()) {
      found.waiting += pending.cpu(entry) == LEFT_OUT ? 0 : 1;
      pending.remove(entry);
    }
    return found;
  }

  private void look(LaneEvents at, SpanTypes.Part part, long value) {
    boolean isMeant = isMeant(at);
    if (part.isWhole()) {
      if (isMeant) {
        add(at, part, value, 0);
      }
      return;
    }
    long kind = (long) at.traceIndex << Integer.SIZE | part.number();
    int entry = pending.find(kind, value);
    if (part.isBegin()) {
      found.repeated += remove(entry) ? 1 : 0;
      while (pending.oldest() != 0
          && at.time() - pending.time(pending.oldest()) > question.within) {
        found.aged += remove(pending.oldest()) ? 1 : 0;
      }
      if (pending.isFull()) {
        found.crowded += remove(pending.oldest()) ? 1 : 0;
      }
      pending.add(kind, value, at.time(), at.tid(), isMeant ? at.lane.cpu() : LEFT_OUT);
    } else if (entry == 0) {
      found.endsAlone += isMeant ? 1 : 0;
    } else {
      if (isMeant && pending.cpu(entry) != LEFT_OUT) {
        add(at, part, at.time() - pending.time(entry), entry);
      }
      pending.remove(entry);
    }
  }

  /** Removes a waiting begin, if there is one; returns whether it counts. */
  private boolean remove(int entry) {
    boolean counts = entry != 0 && pending.cpu(entry) != LEFT_OUT;
    if (entry != 0) {
      pending.remove(entry);
    }
    return counts;
  }

  private void add(LaneEvents at, SpanTypes.Part part, long length, int entry) {
    if (length < 0 || length > Long.MAX_VALUE / 2) {
      found.backwards++;
      return;
    }
    if (length > question.within) {
      found.aged++;
      return;
    }
    found.add(length, question.over);
    if (part.isLeft(cells.event(at))) {
      found.left++;
    }
    if (found.isSlow(length, question.top)) {
      Event event = cells.event(at);
      String text = text(event);
      found.keep(
          entry == 0
              ? new Pair(text, at.traceIndex, length, event)
              : new Pair(text, at.traceIndex, pending, entry, event),
          question.top);
    }
  }

  private boolean isMeant(LaneEvents at) {
    return !asked.has(at) || asked.test(at);
  }

  /** The content of a span's event, without the field that makes it one. */
  static String text(Event event) {
    Map<String, String> shown = new LinkedHashMap<>();
    event.fields().stream()
        .filter(field -> field.role() == Role.NONE)
        .forEach(
            field -> shown.put(field.name(), ColumnRows.text(Cells.field(event, field.name()))));
    if ("true".equals(shown.get("ended"))) {
      shown.remove("ended");
    }
    StringBuilder text = new StringBuilder();
    shown.forEach(
        (name, value) ->
            text.append(text.isEmpty() ? "" : " ").append(name).append('=').append(value));
    return text.toString();
  }
}
