package org.pagewheel.shell.internal.print;

import java.util.AbstractList;
import java.util.List;

/** Lines as a command's result, without an empty one at the end. */
public final class Lines extends AbstractList<String> {
  private final List<String> lines;

  public Lines(List<String> lines) {
    this.lines = List.copyOf(lines);
  }

  @Override
  public String get(int index) {
    return lines.get(index);
  }

  @Override
  public int size() {
    return lines.size();
  }

  String format() {
    return Printable.of(String.join("\n", lines));
  }
}
