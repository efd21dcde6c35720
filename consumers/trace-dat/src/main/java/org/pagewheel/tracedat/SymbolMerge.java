package org.pagewheel.tracedat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.pagewheel.spi.Symbols;

/**
 * The symbols of several files as those of one. Kernel functions and Java methods lie apart. A mark
 * of ours, whose address is 0 in its own file, gets one of its own beside the kernel's symbols: as
 * tools name every address after the nearest symbol below it, those of programs would be called
 * {@code mark}.
 */
final class SymbolMerge {
  /** Right below the Java methods, where there is no kernel function and no program. */
  private static final long MARK = Symbols.BASE - 1;

  private static final String ZERO = "0000000000000000 ";
  private static final Predicate<String> JAVA = line -> line.startsWith("4a");
  private static final Predicate<String> KERNEL =
      JAVA.negate().and(line -> !line.startsWith(ZERO) && !line.isBlank());

  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final boolean hasKernel;
  private boolean hasMark;
  private Set<String> methods;

  /** Begins with those of a file, as they are. */
  SymbolMerge(byte[] first) {
    lines.writeBytes(first);
    if (first.length > 0 && first[first.length - 1] != '\n') {
      lines.write('\n');
    }
    String text = text(first);
    hasKernel = text.lines().anyMatch(KERNEL);
    hasMark = text.startsWith("%016x ".formatted(MARK)) || !hasKernel && text.startsWith(ZERO);
    methods = methods(text);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Set<String> methods(String text) {
    return text.lines().filter(JAVA).collect(Collectors.toUnmodifiableSet());
  }

  /** The address that a mark of a file that is added gets in place of 0; 0 if it stays. */
  long mark() {
    return hasKernel ? MARK : 0;
  }

  /**
   * Adds those of another file; those of a second kernel are taken for the same ones.
   *
   * @return false if both have Java methods, and not the same: nothing is added then
   */
  boolean add(byte[] symbols) {
    String text = text(symbols);
    Set<String> more = methods(text);
    if (!more.isEmpty() && !methods.isEmpty() && !more.equals(methods)) {
      return false;
    }
    if (text.startsWith(ZERO) && !hasMark) {
      hasMark = true;
      String first = text.substring(ZERO.length(), (text + "\n").indexOf('\n'));
      line((hasKernel ? "%016x ".formatted(MARK) : ZERO) + first);
      if (hasKernel && more.isEmpty() && methods.isEmpty()) {
        line("%016x t [end-of-java]".formatted(Symbols.BASE));
      }
    }
    if (methods.isEmpty()) {
      methods = more;
      more.forEach(this::line);
    }
    if (!hasKernel) {
      text.lines().filter(KERNEL).forEach(this::line);
    }
    return true;
  }

  private void line(String line) {
    lines.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  byte[] bytes() {
    return lines.toByteArray();
  }
}
