package org.pagewheel.shell.internal.analysis;

import java.io.PrintStream;
import java.util.function.Predicate;

/** Output lines, a few at a time; the reader may have gone. */
final class PrintedLines implements Predicate<String> {
  private static final int ENOUGH = 1 << 13;

  private final PrintStream out;
  private final StringBuilder lines = new StringBuilder();

  PrintedLines(PrintStream out) {
    this.out = out;
  }

  @Override
  public boolean test(String line) {
    lines.append(line).append('\n');
    return lines.length() < ENOUGH || flush();
  }

  boolean flush() {
    out.print(lines);
    lines.setLength(0);
    return !out.checkError() && !Thread.currentThread().isInterrupted();
  }
}
