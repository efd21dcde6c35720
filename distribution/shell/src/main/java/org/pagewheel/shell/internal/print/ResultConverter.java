package org.pagewheel.shell.internal.print;

import org.apache.felix.service.command.Converter;

/** Prints the results of commands: tables, drawings, accounts. */
public final class ResultConverter implements Converter {
  @Override
  public Object convert(Class<?> desiredType, Object in) {
    return desiredType == CharSequence.class || desiredType == String.class ? text(in) : null;
  }

  @Override
  public CharSequence format(Object target, int level, Converter escape) {
    return level == INSPECT ? text(target) : null;
  }

  /** A result fitted to a terminal's width; null if the width does not matter. */
  public static String fitted(Object result, int columns) {
    int width = columns > 0 ? columns : Integer.MAX_VALUE;
    String text =
        switch (result) {
          case Table<?> table -> table.format(width);
          case Pictures pictures -> pictures.format(width);
          case Accounts accounts -> accounts.format(width);
          case Account account -> account.format(width);
          case null, default -> null;
        };
    return text == null ? null : text.stripTrailing();
  }

  /**
   * The lines without the last line end, which the shell adds; null for results that are not ours.
   */
  private static String text(Object target) {
    String text =
        switch (target) {
          case Table<?> table -> table.format();
          case Pictures pictures -> pictures.format();
          case Accounts accounts -> accounts.format();
          case Lines lines -> lines.format();
          case Account account -> account.format();
          case null, default -> null;
        };
    return text == null ? null : text.stripTrailing();
  }
}
