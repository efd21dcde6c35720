package org.pagewheel.event.internal;

import java.lang.foreign.MemorySegment;

/**
 * Text as events carry it: UTF-8 and a NUL, written in place without a byte array between. Control
 * characters become blanks, since a newline would break the line that a tool prints; an unpaired
 * surrogate becomes a question mark.
 */
public final class Utf8 {
  private static final String NULL = "(null)";

  private Utf8() {}

  /**
   * How many bytes {@link #put} writes for all of a text, or for as many characters as fit.
   *
   * @param text the text; null stands for {@code (null)}
   * @param limit bytes available, at least 1
   * @return at most {@code limit}, the NUL included
   */
  public static int length(String text, int limit) {
    String s = text == null ? NULL : text;
    int plain = 0;
    while (plain + Long.BYTES <= Math.min(s.length(), limit - 1) && plain(s, plain) != 0) {
      plain += Long.BYTES;
    }
    int bytes = plain + 1;
    for (int i = plain; i < s.length(); ) {
      int c = at(s, i);
      int size = size(c);
      if (bytes + size > limit) {
        break;
      }
      bytes += size;
      i += c > 0xffff ? 2 : 1;
    }
    return bytes;
  }

  /**
   * Writes as many characters as fit, and the NUL.
   *
   * @param limit bytes available, at least 1
   * @return the bytes written, the result of {@link #length} for the same text and limit
   */
  public static int put(String text, MemorySegment memory, long offset, int limit) {
    String s = text == null ? NULL : text;
    int plain = 0;
    while (plain + Long.BYTES <= Math.min(s.length(), limit - 1)) {
      long word = plain(s, plain);
      if (word == 0) {
        break;
      }
      memory.set(EventFields.LONG, offset + plain, word);
      plain += Long.BYTES;
    }
    long at = offset + plain;
    long end = offset + limit - 1;
    for (int i = plain; i < s.length(); ) {
      int c = at(s, i);
      if (at + size(c) > end) {
        break;
      }
      at = put(memory, at, c);
      i += c > 0xffff ? 2 : 1;
    }
    memory.set(EventFields.BYTE, at, (byte) 0);
    return (int) (at + 1 - offset);
  }

  /**
   * The text that a reader will see, if there is room for it.
   *
   * @return the text itself, unless it is null or contains characters that cannot be shown
   */
  static String shown(String text) {
    String s = text == null ? NULL : text;
    int same = 0;
    while (same < s.length() && at(s, same) == s.codePointAt(same)) {
      same += s.codePointAt(same) > 0xffff ? 2 : 1;
    }
    if (same == s.length()) {
      return s;
    }
    StringBuilder shown = new StringBuilder(s.length()).append(s, 0, same);
    for (int i = same; i < s.length(); ) {
      int c = at(s, i);
      shown.appendCodePoint(c);
      i += c > 0xffff ? 2 : 1;
    }
    return shown.toString();
  }

  /**
   * Eight characters from an index on as bytes, or 0 if one of them is not printable ASCII. Takes a
   * third of the time of single characters.
   */
  private static long plain(String s, int index) {
    long word = 0;
    int outside = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      int c = s.charAt(index + i);
      outside |= c - ' ' | '~' - c; // negative if it is below or above
      word |= (long) c << Byte.SIZE * i;
    }
    return outside < 0 ? 0 : word;
  }

  /** The character that is shown for the one at an index. */
  private static int at(String s, int index) {
    char c = s.charAt(index);
    if (c < 0x20 || c >= 0x7f && c < 0xa0) {
      return ' ';
    }
    if (c < 0xd800 || c > 0xdfff) {
      return c;
    }
    int whole = s.codePointAt(index);
    return whole > 0xffff ? whole : '?';
  }

  private static int size(int c) {
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }

  private static long put(MemorySegment memory, long at, int c) {
    if (c < 0x80) {
      memory.set(EventFields.BYTE, at, (byte) c);
      return at + 1;
    }
    int size = size(c);
    int mark = size == 2 ? 0xc0 : size == 3 ? 0xe0 : 0xf0;
    memory.set(EventFields.BYTE, at, (byte) (mark | c >>> 6 * (size - 1)));
    for (int i = 1; i < size; i++) {
      memory.set(EventFields.BYTE, at + i, (byte) (0x80 | c >>> 6 * (size - 1 - i) & 0x3f));
    }
    return at + size;
  }
}
