package org.pagewheel.event.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.pagewheel.spi.Symbols;

/**
 * The symbols of this process: each name has one address, which it keeps. A name is defined again
 * with every class loader and every trace, so the table grows with the program's code and not with
 * time; there is still a limit.
 */
public final class SymbolNames {
  /** More methods than any program has. */
  static final int MAX = 500_000;

  /** The id of all names beyond the limit. */
  static final String OVERFLOW = "[more]";

  /** Those of this process. */
  public static final SymbolNames PROCESS = new SymbolNames();

  private final Map<String, Integer> ids = new HashMap<>();

  /**
   * Finds or makes the id of a name.
   *
   * @param raw the name; characters that tools would not read are replaced
   * @return from 1
   */
  public int define(String raw) {
    String name = clean(raw);
    int id;
    synchronized (this) {
      Integer known = ids.get(name);
      if (known != null) {
        return known;
      }
      if (ids.size() >= MAX) {
        name = OVERFLOW;
      }
      id = ids.size() + 1;
      known = ids.putIfAbsent(name, id);
      if (known != null) {
        return known;
      }
    }
    ProcessMetadata.INSTANCE.tell(Symbols.address(id), name);
    return id;
  }

  /** A copy, from address to name. */
  synchronized Map<Long, String> names() {
    Map<Long, String> names = new TreeMap<>();
    ids.forEach((name, id) -> names.put(Symbols.address(id), name));
    return names;
  }

  /**
   * A name ends at white space, and one malformed line hides all symbols after it. Names that begin
   * with {@code $} are left out by libtraceevent.
   */
  private static String clean(String raw) {
    StringBuilder name = new StringBuilder(raw.length() + 1);
    if (raw.isEmpty() || raw.charAt(0) == '$') {
      name.append('_');
    }
    raw.codePoints().map(c -> isPlain(c) ? c : '_').forEach(name::appendCodePoint);
    return name.toString();
  }

  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
