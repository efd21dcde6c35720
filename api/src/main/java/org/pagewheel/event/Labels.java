package org.pagewheel.event;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The names that a format gives to the values of a field: to whole values, as {@code
 * __print_symbolic} does, or to bits, as {@code __print_flags} does.
 *
 * @param separator the text between the names of several bits; empty if values are named as a whole
 * @param entries values and names, in the order of the format
 */
public record Labels(Optional<String> separator, List<Entry> entries) {
  /** No names at all. */
  static final Labels NONE = new Labels(Optional.empty(), List.of());

  /**
   * A value, or a set of bits, and its name.
   *
   * @param value the value without a sign
   * @param name the name
   */
  public record Entry(long value, String name) {}

  /**
   * Copies the entries.
   *
   * @param separator the text between the names of several bits, if they are named
   * @param entries values and names
   */
  public Labels {
    entries = List.copyOf(entries);
  }

  /**
   * The name of a value.
   *
   * @param value the value without a sign, that is −1 of a field of 4 bytes is 0xffffffff
   * @return the name, or those of all bits; empty if a whole value has none
   */
  public Optional<String> name(long value) {
    if (separator.isPresent()) {
      return Optional.of(String.join(separator.get(), names(value)));
    }
    for (Entry entry : entries) {
      if (entry.value() == value) {
        return Optional.of(entry.name());
      }
    }
    return Optional.empty();
  }

  /**
   * The names of the bits of a value.
   *
   * @param value the value without a sign
   * @return in the order of the format; bits without a name are the last one, in hexadecimal
   */
  public List<String> names(long value) {
    List<String> names = new ArrayList<>();
    long left = value;
    for (Entry entry : entries) {
      if (entry.value() != 0 && (left & entry.value()) == entry.value()) {
        names.add(entry.name());
        left &= ~entry.value();
      }
    }
    if (left != 0) {
      names.add("0x" + Long.toHexString(left));
    }
    return names;
  }

  /** The same for a field of some bytes: a format may write −1 where the field has 0xffffffff. */
  Labels of(int width) {
    if (width < 1 || width >= Long.BYTES) {
      return this;
    }
    long mask = -1L >>> Long.SIZE - width * Byte.SIZE;
    return new Labels(
        separator,
        entries.stream().map(entry -> new Entry(entry.value() & mask, entry.name())).toList());
  }

  /** The values by their names, of two with one name the first. */
  Map<String, Long> values(int bits, boolean signed) {
    Map<String, Long> values = new LinkedHashMap<>();
    int gone = Long.SIZE - Math.clamp(bits, 1, Long.SIZE);
    for (Entry entry : entries) {
      long value = signed ? entry.value() << gone >> gone : entry.value();
      values.putIfAbsent(entry.name(), value);
    }
    return values;
  }
}
