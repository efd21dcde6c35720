package org.pagewheel.analysis;

import java.util.ArrayList;
import java.util.List;
import org.pagewheel.event.EventFilter;
import org.pagewheel.event.EventFormat;

/** A {@link Condition} for the types of some traces, by their ids. */
final class Matching {
  private static final int IDS = 1 << 16;
  private static final EventFilter.Check ANY = (memory, offset) -> true;

  private final EventFilter.Check[][] checks;
  private final List<EventFormat> formats = new ArrayList<>();

  Matching(int traces) {
    checks = new EventFilter.Check[traces][IDS];
  }

  /** Makes events of a format match if a check says so; null always does. */
  void add(int trace, EventFormat format, EventFilter.Check check) {
    if (format.id() >= 0 && format.id() < IDS) {
      checks[trace][format.id()] = check == null ? ANY : check;
      formats.add(format);
    }
  }

  /** Whether an event of this type may match. */
  boolean has(LaneEvents event) {
    return event.type() >= 0 && checks[event.traceIndex][event.type()] != null;
  }

  boolean test(LaneEvents event) {
    int type = event.type();
    EventFilter.Check check = type < 0 ? null : checks[event.traceIndex][type];
    if (check == null || check == ANY) {
      return check != null;
    }
    try {
      return check.test(event.memory().asSlice(event.offset(), event.length()), 0);
    } catch (IndexOutOfBoundsException e) {
      return false; // the event is shorter than its format
    }
  }

  /** The formats that may match. */
  List<EventFormat> formats() {
    return formats;
  }
}
