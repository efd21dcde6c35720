package org.pagewheel.event;

import java.util.List;

/**
 * What a reader must know to print the events of one type: plain data, as it is in a trace file.
 *
 * @param id the event's id, unique within a file, 1 to 65535
 * @param system the event system
 * @param name the event's name within the system
 * @param text the kernel's format text: name, ID, format and print fmt lines
 */
public record EventFormat(int id, String system, String name, String text) {
  /**
   * The event's own fields, those that all events have left out. Reads the text each time: who asks
   * often keeps the result, as {@link EventDecoder} does.
   *
   * <p>What kind a field is, is known by the type that the text declares, and by the names that
   * {@code print fmt} gives to values. In a text of the kernel's or of another program {@code
   * double} and {@code bool} are what is declared so; everything else of 1, 2, 4 or 8 bytes is a
   * whole number, and what is none of these is bytes.
   *
   * @return in the order of the text, lines that are not fields are skipped
   */
  public List<EventField> fields() {
    return FormatParser.parse(text).stream().filter(field -> !isCommon(field)).toList();
  }

  /**
   * The fields that all events begin with, such as {@code common_pid}.
   *
   * @return in the order of the text
   */
  public List<EventField> commonFields() {
    return FormatParser.parse(text).stream().filter(EventFormat::isCommon).toList();
  }

  private static boolean isCommon(EventField field) {
    return field.name().startsWith("common_");
  }

  /**
   * Whether the event's name matches a pattern.
   *
   * @param pattern {@code system:name}, in which {@code *} stands for any characters
   * @return whether it does
   */
  public boolean matches(String pattern) {
    return EventFilter.matches(system + ":" + name, pattern.split("\\*", -1));
  }
}
