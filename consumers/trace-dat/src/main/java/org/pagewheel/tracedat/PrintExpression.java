package org.pagewheel.tracedat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.pagewheel.event.Labels;
import org.pagewheel.format.PageFormat;

/**
 * An argument of a {@code print fmt}: what a number or a text is made of. Numbers have 64 bits
 * without a sign, as in libtraceevent.
 *
 * <p>Whatever the bytes are, nothing outside the payload is read: an attempt is an {@link
 * IndexOutOfBoundsException}.
 */
sealed interface PrintExpression {
  /** An event's payload, and how its numbers are written. */
  record Payload(MemorySegment memory, PageFormat pages) {
    long number(long offset, int size) {
      long value =
          switch (size) {
            case Byte.BYTES -> memory.get(ValueLayout.JAVA_BYTE, offset);
            case Short.BYTES -> memory.get(EventPrinter.shorts(pages), offset);
            case Integer.BYTES -> memory.get(pages.intLayout(), offset);
            default -> memory.get(pages.longLayout(), offset);
          };
      return size == Long.BYTES ? value : value & (1L << 8 * size) - 1;
    }
  }

  /** Its value as a number. */
  long number(Payload payload);

  /** Its value as a text. */
  default String text(Payload payload) {
    return Long.toUnsignedString(number(payload));
  }

  /** An expression with bytes of its own in the payload. */
  default MemorySegment bytes(Payload payload) {
    throw new IndexOutOfBoundsException("no bytes of the event");
  }

  /** Whether it is an element of the array that ends an event, and this event ends before it. */
  default boolean isBeyond(Payload payload) {
    return false;
  }

  /** A constant number. */
  record Constant(long value) implements PrintExpression {
    @Override
    public long number(Payload payload) {
      return value;
    }
  }

  /** A text in quotes. */
  record Literal(String value) implements PrintExpression {
    @Override
    public long number(Payload payload) {
      return 0;
    }

    @Override
    public String text(Payload payload) {
      return value;
    }
  }

  /**
   * {@code REC->name}, and for {@code __get_dynamic_array(name)} its content in the dynamic part.
   */
  record FieldValue(FormatField field) implements PrintExpression {
    @Override
    public long number(Payload payload) {
      return payload.number(field.offset(), field.size());
    }

    @Override
    public String text(Payload payload) {
      MemorySegment bytes = bytes(payload);
      long end = 0;
      while (end < bytes.byteSize() && bytes.get(ValueLayout.JAVA_BYTE, end) != 0) {
        end++;
      }
      byte[] text = bytes.asSlice(0, end).toArray(ValueLayout.JAVA_BYTE);
      return new String(text, StandardCharsets.UTF_8);
    }

    @Override
    public MemorySegment bytes(Payload payload) {
      MemorySegment memory = payload.memory();
      if (!field.isDynamic()) {
        long size = field.size() > 0 ? field.size() : memory.byteSize() - field.offset();
        return memory.asSlice(field.offset(), size);
      }
      long word = payload.number(field.offset(), Integer.BYTES);
      long from = word & 0xffff;
      if (field.type().startsWith("__rel_loc")) {
        from += field.offset() + (long) field.size();
      }
      return memory.asSlice(from, word >>> 16);
    }
  }

  /** {@code REC->name[index]}. */
  record Element(FieldValue array, PrintExpression index, boolean isOfTail)
      implements PrintExpression {
    private int size() {
      FormatField field = array.field();
      return field.elements() == 0 ? 1 : field.size() / field.elements();
    }

    @Override
    public long number(Payload payload) {
      long at = index.number(payload);
      if (isOfTail && at >= 0 && at < array.field().elements()) {
        return payload.number(array.field().offset() + at * size(), size());
      }
      MemorySegment bytes = array.bytes(payload);
      return new Payload(bytes, payload.pages()).number(at * size(), size());
    }

    @Override
    public boolean isBeyond(Payload payload) {
      long at = isOfTail ? index.number(payload) : -1;
      long there = payload.memory().byteSize() - array.field().offset();
      return at >= 0 && at < array.field().elements() && there >= 0 && (at + 1) * size() > there;
    }
  }

  /** {@code __get_dynamic_array_len(name)}. */
  record Length(FieldValue array) implements PrintExpression {
    @Override
    public long number(Payload payload) {
      return array.bytes(payload).byteSize();
    }
  }

  /** {@code (type)value}: the low bytes of the value. */
  record Cast(int size, boolean signed, PrintExpression value) implements PrintExpression {
    @Override
    public long number(Payload payload) {
      int gone = Long.SIZE - 8 * size;
      long shifted = value.number(payload) << gone;
      return signed ? shifted >> gone : shifted >>> gone;
    }

    @Override
    public String text(Payload payload) {
      return value.text(payload);
    }

    @Override
    public MemorySegment bytes(Payload payload) {
      return value.bytes(payload);
    }

    @Override
    public boolean isBeyond(Payload payload) {
      return value.isBeyond(payload);
    }
  }

  /** {@code - ~ !}. */
  record Unary(char operator, PrintExpression value) implements PrintExpression {
    @Override
    public long number(Payload payload) {
      long number = value.number(payload);
      return switch (operator) {
        case '-' -> -number;
        case '~' -> ~number;
        default -> number == 0 ? 1 : 0;
      };
    }
  }

  /** An operator of C between two numbers. */
  record Binary(String operator, PrintExpression left, PrintExpression right)
      implements PrintExpression {
    @Override
    public long number(Payload payload) {
      long a = left.number(payload);
      if (operator.equals("&&") || operator.equals("||")) {
        boolean isTrue = a != 0;
        return isTrue == operator.equals("||") ? bit(isTrue) : bit(right.number(payload) != 0);
      }
      long b = right.number(payload);
      return switch (operator) {
        case "*" -> a * b;
        case "/" -> b == 0 ? 0 : Long.divideUnsigned(a, b);
        case "%" -> b == 0 ? 0 : Long.remainderUnsigned(a, b);
        case "+" -> a + b;
        case "-" -> a - b;
        case "<<" -> a << b;
        case ">>" -> a >>> b;
        case "<" -> bit(Long.compareUnsigned(a, b) < 0);
        case "<=" -> bit(Long.compareUnsigned(a, b) <= 0);
        case ">" -> bit(Long.compareUnsigned(a, b) > 0);
        case ">=" -> bit(Long.compareUnsigned(a, b) >= 0);
        case "==" -> bit(a == b);
        case "!=" -> bit(a != b);
        case "&" -> a & b;
        case "^" -> a ^ b;
        default -> a | b;
      };
    }

    private static long bit(boolean value) {
      return value ? 1 : 0;
    }
  }

  /** {@code condition ? yes : no}. */
  record Choice(PrintExpression condition, PrintExpression yes, PrintExpression no)
      implements PrintExpression {
    private PrintExpression chosen(Payload payload) {
      return condition.number(payload) != 0 ? yes : no;
    }

    @Override
    public long number(Payload payload) {
      return chosen(payload).number(payload);
    }

    @Override
    public String text(Payload payload) {
      return chosen(payload).text(payload);
    }
  }

  /** {@code __print_symbolic(…)} and {@code __print_flags(…)}. */
  record Symbols(PrintExpression value, Labels table) implements PrintExpression {
    @Override
    public long number(Payload payload) {
      return value.number(payload);
    }

    @Override
    public String text(Payload payload) {
      long number = number(payload);
      return table.name(number).orElseGet(() -> "0x" + Long.toHexString(number));
    }
  }

  /** {@code __print_array(bytes, count, size)}. */
  record Elements(PrintExpression array, PrintExpression count, PrintExpression size)
      implements PrintExpression {
    @Override
    public long number(Payload payload) {
      return 0;
    }

    @Override
    public String text(Payload payload) {
      MemorySegment bytes = array.bytes(payload);
      int one = (int) size.number(payload);
      if (one != Byte.BYTES && one != Short.BYTES && one != Integer.BYTES && one != Long.BYTES) {
        throw new IndexOutOfBoundsException("elements of " + one + " bytes");
      }
      Payload elements = new Payload(bytes, payload.pages());
      StringJoiner text = new StringJoiner(" ");
      for (long i = 0; i < Math.min(count.number(payload), bytes.byteSize() / one); i++) {
        text.add(Long.toUnsignedString(elements.number(i * one, one)));
      }
      return text.toString();
    }
  }
}
