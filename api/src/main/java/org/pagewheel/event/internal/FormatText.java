package org.pagewheel.event.internal;

import java.util.ArrayList;
import java.util.List;

/** Writes the kernel's format text of an event. */
final class FormatText {
  private static final int MAX = 65_536;

  private FormatText() {}

  /** All but the first two lines, which hold the event's name and id. */
  static String body(RecordShape shape) {
    StringBuilder text = new StringBuilder("format:\n").append(MarkFormat.COMMON);
    for (Field field : shape.placed()) {
      line(text, field.declaration(), shape.offset(field), field.size(), field.signed());
    }
    List<String> shown = new ArrayList<>();
    List<String> arguments = new ArrayList<>();
    for (Field field : shape.fields()) {
      shown.add(field.name() + "=" + field.conversion());
      arguments.addAll(field.arguments());
    }
    text.append("\nprint fmt: \"").append(String.join(" ", shown)).append('"');
    arguments.forEach(argument -> text.append(", ").append(argument));
    text.append('\n');
    if (text.length() > MAX) {
      throw new IllegalArgumentException(
          shape.record().getName()
              + ": its format text would be "
              + text.length()
              + " characters long, more than "
              + MAX
              + ": use fewer components, or enums with fewer or shorter names");
    }
    return text.toString();
  }

  private static void line(
      StringBuilder text, String declaration, int offset, int size, boolean signed) {
    text.append("\tfield:").append(declaration);
    text.append(";\toffset:").append(offset);
    text.append(";\tsize:").append(size);
    text.append(";\tsigned:").append(signed ? 1 : 0).append(";\n");
  }
}
