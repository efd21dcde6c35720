package org.pagewheel.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pagewheel.event.EventFormat;

/** The types of several traces, numbered from 0: those with the same name are one type. */
final class TypeIndex {
  static final int IDS = 1 << 16;

  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final List<int[]> ids = new ArrayList<>();
  private final List<String> names;

  TypeIndex(List<Trace> traces) {
    int unknown = number("unknown");
    for (Trace trace : traces) {
      int[] byId = new int[IDS];
      Arrays.fill(byId, unknown);
      for (EventFormat format : trace.formats()) {
        if (format.id() >= 0 && format.id() < IDS) {
          byId[format.id()] = number(name(format));
        }
      }
      ids.add(byId);
    }
    names = List.copyOf(numbers.keySet());
  }

  static String name(EventFormat format) {
    return name(format.system(), format.name());
  }

  static String name(String system, String name) {
    return system + ":" + name;
  }

  private int number(String name) {
    Integer number = numbers.putIfAbsent(name, numbers.size());
    return number == null ? numbers.size() - 1 : number;
  }

  /** Numbers by the ids of a trace. */
  int[] ids(int trace) {
    return ids.get(trace);
  }

  /** The number for events without a format. */
  int unknown() {
    return 0;
  }

  int size() {
    return names.size();
  }

  String name(int number) {
    return names.get(number);
  }
}
