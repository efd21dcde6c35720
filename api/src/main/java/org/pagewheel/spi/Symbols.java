package org.pagewheel.spi;

import org.pagewheel.event.internal.SymbolNames;

/**
 * Names of addresses that events hold, as the kernel's {@code kallsyms} has them: methods of this
 * process. The addresses are made up, outside the ranges that the kernel and its processes use.
 *
 * <pre>
 *  63     56 55        40 39                 20 19                 0
 * +---------+------------+---------------------+--------------------+
 * |  0x4a   |     0      | id of the name      | line, as BCD, or 0 |
 * +---------+------------+---------------------+--------------------+
 * </pre>
 *
 * Tools name an address after the nearest symbol below it, and print the address of a frame in
 * hexadecimal: {@code Orders.match (4a00000000201234)} is line 1234.
 */
public final class Symbols {
  /** Below all symbols. */
  public static final long BASE = 0x4a00_0000_0000_0000L;

  /** The bits that hold the line. */
  public static final int LINE_BITS = 20;

  /** The largest line that an address can hold. */
  public static final int MAX_LINE = 99_999;

  private Symbols() {}

  /**
   * Finds or makes the symbol of a name. It is known to all trace files from now on.
   *
   * @param name the name, such as {@code com.acme.Orders.place}; characters that tools do not read
   *     in a symbol are replaced by {@code _}
   * @return its id, from 1; the same for the same name as long as the process lives
   */
  public static int define(String name) {
    return SymbolNames.PROCESS.define(name);
  }

  /**
   * The address of a symbol.
   *
   * @param id its id
   * @return the lowest address that is named after it
   */
  public static long address(int id) {
    return BASE + ((long) id << LINE_BITS);
  }

  /**
   * The id of the symbol that an address belongs to.
   *
   * @param address a result of {@link #address}
   * @return the id
   */
  public static int id(long address) {
    return (int) (address - BASE >>> LINE_BITS);
  }

  /**
   * The address of a line of a method.
   *
   * @param id the method's id
   * @param line its line; larger ones than {@link #MAX_LINE} count as that, negative ones as 0
   * @return the address
   */
  public static long address(int id, int line) {
    int rest = Math.clamp(line, 0, MAX_LINE);
    long bcd = 0;
    for (int shift = 0; rest > 0; shift += 4, rest /= 10) {
      bcd |= (long) (rest % 10) << shift;
    }
    return address(id) + bcd;
  }
}
