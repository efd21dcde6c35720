package org.pagewheel.shell.internal.print;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * An excerpt of a long trace: its first lines, and some from a certain line on. Lines that are too
 * long are cut.
 */
public final class Excerpt implements Predicate<EventLines.Line> {
  private static final int WIDTH = RingDrawing.WIDTH;
  private static final String CUT = "...";

  /** How far to look for that line. */
  private static final int SEARCH = 10_000;

  private final int first;
  private final String from;
  private final int count;
  private final List<EventLines.Line> head = new ArrayList<>();
  private final List<EventLines.Line> body = new ArrayList<>();
  private int seen;

  /**
   * Begins an excerpt.
   *
   * @param first how many lines of the beginning
   * @param from a part of the line from which it continues
   * @param count how many lines from there on; if there is no such line, of the beginning
   */
  public Excerpt(int first, String from, int count) {
    this.first = first;
    this.from = from;
    this.count = count;
  }

  /** Takes the next line; returns whether it needs more. */
  @Override
  public boolean test(EventLines.Line line) {
    seen++;
    if (!body.isEmpty() || line.fields().contains(from)) {
      body.add(line);
    } else if (head.size() < first + count) {
      head.add(line);
    }
    return body.isEmpty() ? seen < SEARCH : body.size() < count;
  }

  /** The text, as narrow as the lines allow. */
  public String text() {
    List<EventLines.Line> shown = new ArrayList<>(head);
    boolean gap = !body.isEmpty() && head.size() > first;
    if (!body.isEmpty()) {
      shown = new ArrayList<>(head.subList(0, Math.min(first, head.size())));
      shown.addAll(body);
    }
    int width = shown.stream().mapToInt(line -> line.name().length()).max().orElse(0);
    List<String> lines =
        shown.stream()
            .map(line -> line.text(width))
            .collect(Collectors.joining("\n"))
            .stripIndent()
            .lines()
            .map(Excerpt::cut)
            .collect(Collectors.toCollection(ArrayList::new));
    if (gap) {
      lines.add(first, CUT);
    }
    return String.join("\n", lines);
  }

  private static String cut(String line) {
    return line.length() <= WIDTH ? line : line.substring(0, WIDTH - CUT.length()) + CUT;
  }
}
