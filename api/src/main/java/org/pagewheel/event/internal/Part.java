package org.pagewheel.event.internal;

import java.util.List;

/** What an event type is: an event, or a part of a span, which has fields besides its record's. */
public enum Part {
  /** An event by itself. */
  EVENT(""),
  /** The begin of a span on a thread. */
  BEGIN("_begin", id("span_begin")),
  /** Its end, with a result. */
  END("_end", id("span_end"), ended()),
  /** Its end, without one. */
  PLAIN_END("_end", id("span_end")),
  /** The begin of a span that the application numbers. */
  ASYNC_BEGIN("_begin", id("async_begin")),
  /** Its end. */
  ASYNC_END("_end", id("async_end")),
  /** A whole span: its end, and how long it took. */
  WHOLE("", duration(), ended());

  private final String suffix;
  private final List<Field> fields;

  Part(String suffix, Field... fields) {
    this.suffix = suffix;
    this.fields = List.of(fields);
  }

  String suffix() {
    return suffix;
  }

  /** What the library stores before the record's components: a long, then perhaps a boolean. */
  List<Field> fields() {
    return fields;
  }

  private static Field id(String role) {
    List<String> shown = List.of("REC->span");
    return number("span", long.class, role + " u64 span", 8, false, "0x%llx", shown);
  }

  private static Field duration() {
    List<String> shown = List.of("REC->duration");
    return number("duration", long.class, "span s64 duration", 8, true, "%lld ns", shown);
  }

  private static Field ended() {
    return number("ended", boolean.class, "bool ended", 1, false, "%s", Print.bool("REC->ended"));
  }

  private static Field number(
      String name,
      Class<?> type,
      String declaration,
      int size,
      boolean signed,
      String conversion,
      List<String> shown) {
    return new Field(
        null, type, name, declaration, size, size, signed, conversion, shown, new Field.Number());
  }
}
