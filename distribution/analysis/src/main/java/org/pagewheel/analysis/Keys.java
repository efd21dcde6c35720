package org.pagewheel.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.ThreadLocalRandom;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;

/**
 * The keys by which events belong together: the values of some fields, as two words. Up to two
 * whole numbers are the words themselves; for texts and for more fields the words are a hash of 128
 * bits.
 */
final class Keys {
  /** Random, so that nobody can write a file whose keys collide. */
  private static final long SEED = ThreadLocalRandom.current().nextLong() | 1;

  private final String[] names;
  private long first;
  private long second;

  /**
   * Prepares to read.
   *
   * @param names fields, or {@code tid} and {@code cpu}
   */
  Keys(List<String> names) {
    this.names = names.toArray(String[]::new);
  }

  /** Reads an event's key; false if it has none because it is damaged. */
  boolean read(Event event) {
    first = 0;
    second = 0;
    boolean isHash = names.length > 2;
    for (int i = 0; i < names.length; i++) {
      String name = names[i];
      try {
        if (name.equals(Cells.TID)) {
          add(i, event.pid(), isHash);
        } else if (name.equals(Cells.CPU)) {
          add(i, event.cpu(), isHash);
        } else if (isNumber(event.field(name))) {
          add(i, event.getLong(name), isHash);
        } else {
          isHash = true;
          text(ColumnRows.text(event.get(name)));
        }
      } catch (IllegalStateException e) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNumber(EventField field) {
    return !field.isArray()
        && switch (field.kind()) {
          case INTEGER, ENUM, FLAGS -> true;
          default -> false;
        };
  }

  private void add(int index, long value, boolean isHash) {
    if (isHash) {
      mix(value);
    } else if (index == 0) {
      first = value;
    } else {
      second = value;
    }
  }

  private void text(String text) {
    mix(text.length());
    for (int i = 0; i < text.length(); i++) {
      mix(text.charAt(i));
    }
  }

  private void mix(long value) {
    first = Long.rotateLeft(first ^ value, 29) * 0x9e3779b97f4a7c15L + SEED;
    second = (second + value ^ SEED) * 0xbf58476d1ce4e5b9L;
    second ^= second >>> 31;
  }

  long first() {
    return first;
  }

  long second() {
    return second;
  }

  /** An event's key for people. */
  String text(Event event) {
    StringJoiner text = new StringJoiner(" ");
    for (String name : names) {
      Object value =
          switch (name) {
            case Cells.TID -> (long) event.pid();
            case Cells.CPU -> (long) event.cpu();
            default -> Cells.field(event, name);
          };
      text.add(name + "=" + ColumnRows.text(value));
    }
    return text.toString();
  }

  /** {@code a=b} is field a of the first event and field b of the second. */
  static List<String> side(List<String> by, boolean isSecond) {
    List<String> names = new ArrayList<>();
    for (String each : by) {
      int equals = each.indexOf('=');
      names.add(
          equals < 0 ? each : isSecond ? each.substring(equals + 1) : each.substring(0, equals));
    }
    return names;
  }
}
