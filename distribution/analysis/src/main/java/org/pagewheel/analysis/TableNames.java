package org.pagewheel.analysis;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names of one kind, such as the columns of a table: of two that are equal or differ only in case
 * the later gets {@code _2}, {@code _3} and so on at its end.
 */
final class TableNames {
  /** No name that is typed has them, and some databases end it there. */
  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

  private final Set<String> taken = new HashSet<>();

  TableNames(Collection<String> taken) {
    taken.forEach(this::take);
  }

  private boolean take(String name) {
    return taken.add(name.toLowerCase(Locale.ROOT));
  }

  /** The name, or the next free one like it. */
  String add(String wanted) {
    String plain = CONTROL.matcher(wanted.isEmpty() ? "_" : wanted).replaceAll("_");
    String name = plain;
    for (int i = 2; !take(name); i++) {
      name = plain + "_" + i;
    }
    return name;
  }

  /** Takes a name if it is free, and returns whether it was. */
  boolean addIfFree(String wanted) {
    return !CONTROL.matcher(wanted).find() && !wanted.isEmpty() && take(wanted);
  }
}
