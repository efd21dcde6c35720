package org.pagewheel.event;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A format with its fields by name, read once.
 *
 * @param format the format; null if it is unknown
 * @param fields by name, in the order of the text; of two of one name the first
 * @param tail the array of a given length that ends an event, of which an event holds as many
 *     elements as it has room for; null if there is none
 */
record EventShape(EventFormat format, Map<String, EventField> fields, EventField tail) {
  static final EventShape UNKNOWN = new EventShape(null, Map.of(), null);

  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static EventShape of(EventFormat format) {
    Map<String, EventField> fields = new LinkedHashMap<>();
    format.fields().forEach(field -> fields.putIfAbsent(field.name(), field));
    EventField last =
        fields.values().stream().max(Comparator.comparingInt(EventField::offset)).orElse(null);
    boolean isTail = last != null && last.isArray() && !last.isDynamic() && last.size() > 0;
    return new EventShape(format, Collections.unmodifiableMap(fields), isTail ? last : null);
  }

  String system() {
    return format == null ? "unknown" : format.system();
  }

  String name() {
    return format == null ? "unknown" : format.name();
  }

  static String text(Object value) {
    return switch (value) {
      case long[] longs -> Arrays.toString(longs);
      case double[] doubles -> Arrays.toString(doubles);
      case boolean[] booleans -> Arrays.toString(booleans);
      case byte[] bytes -> Arrays.toString(bytes);
      default -> value.toString();
    };
  }
}
