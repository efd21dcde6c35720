package org.pagewheel.shell.internal.print;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pagewheel.RingView;
import org.pagewheel.RingView.PageView;

/**
 * Draws one CPU's ring as text: the reader's page on the left, outside the ring; then the ring from
 * its head on, each page with its number, its fill and its events, and the arrow back from the last
 * page to the first. At most {@link #WIDTH} columns, whatever the ring's length: pages between the
 * head, the commit and the tail page are drawn as one box when there are too many.
 *
 * <p>Pure: the same view gives the same text.
 */
public final class RingDrawing {
  /*
   *  reader        head                        tail           <- labels, centred over their box
   *  page            v                           v
   * +---------+   +---------+   +---------+   +---------+     <- BOX columns each, GAP between
   * |#17      |   |#18      |-->| 4 pages |-->|#23      |
   * |#########|   |#########|   |#########|   |###......|     <- fill: one # for a ninth, at least
   * |61 events|   |61 events|   |  244 ev |   |19 events|        one if there is anything
   * +---------+   +---------+   +---------+   +---------+
   *                    ^                           |
   *                    +---------------------------+
   *
   * Head, commit and tail cut the ring into at most three stretches; each stretch is either drawn
   * page by page or as one box. Three singles and three stretches are six boxes, which with the
   * reader's page make 95 columns. That is why a box is 11 columns wide and not more.
   */

  /** No line is longer. */
  static final int WIDTH = 100;

  private static final int BOX = 11;
  private static final int INNER = BOX - 2;
  private static final int GAP = 3;
  private static final int MAX_BOXES = 6;

  private RingDrawing() {}

  /**
   * Draws a ring.
   *
   * @param view the ring's state
   * @return lines, each ended by a newline; never empty
   */
  public static String draw(RingView view) {
    return draw(view, WIDTH);
  }

  /** Draws a ring for a terminal of a width; boxes that do not fit side by side are listed. */
  public static String draw(RingView view, int columns) {
    StringBuilder text = new StringBuilder(title(view)).append('\n');
    if (view.pages().isEmpty()) {
      return text.toString();
    }
    List<RingBox> boxes = new ArrayList<>();
    boxes.add(new RingBox(List.of("reader", "page"), reader(view)));
    boxes.addAll(ring(view));
    if (boxes.size() * (BOX + GAP) - GAP > columns) {
      return text.append(list(boxes, view.capacity(), columns)).toString();
    }
    List<StringBuilder> lines = new ArrayList<>();
    labels(boxes, lines);
    boxes(boxes, view.capacity(), lines);
    arrowBack(boxes.size() - 1, lines);
    for (StringBuilder line : lines) {
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** A line for each box; without the fill where the terminal is too narrow for that. */
  private static String list(List<RingBox> boxes, int capacity, int columns) {
    List<List<String>> cells = new ArrayList<>();
    for (RingBox box : boxes) {
      cells.add(
          List.of(
              String.join(" ", box.labels()), box.name(), box.fill(capacity, INNER), box.events()));
    }
    String list = Table.align(cells, new boolean[4]);
    if (list.lines().allMatch(line -> line.length() <= columns)) {
      return list;
    }
    List<List<String>> narrow = new ArrayList<>();
    cells.forEach(line -> narrow.add(List.of(line.get(0), line.get(1), line.get(3))));
    return Table.align(narrow, new boolean[3]);
  }

  private static String title(RingView view) {
    if (view.pages().isEmpty()) {
      return "CPU " + view.cpu() + ": nothing written yet";
    }
    long entries = 0;
    long used = 0;
    for (PageView page : view.pages()) {
      entries += page.entries();
      used += page.used();
    }
    long percent = 100 * used / ((long) view.capacity() * view.pages().size());
    return String.format(
        Locale.ROOT,
        "CPU %d: %,d pages of %,d bytes, %d%% filled with %s",
        view.cpu(),
        view.pages().size(),
        view.capacity(),
        percent,
        entries == 1 ? "1 event" : String.format(Locale.ROOT, "%,d events", entries));
  }

  private static List<PageView> reader(RingView view) {
    return view.reader() == null ? List.of() : List.of(view.reader());
  }

  /** The ring's boxes from the head on (from the tail if all is read), as many as fit. */
  private static List<RingBox> ring(RingView view) {
    int size = view.pages().size();
    int first = view.head() >= 0 ? view.head() : Math.max(view.tail(), 0);
    boolean whole = size <= MAX_BOXES;
    List<RingBox> boxes = new ArrayList<>();
    List<PageView> stretch = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int slot = (first + i) % size;
      PageView page = view.pages().get(slot);
      List<String> labels = labels(view, slot);
      if (whole || !labels.isEmpty()) {
        close(stretch, boxes);
        boxes.add(new RingBox(labels, List.of(page)));
      } else {
        stretch.add(page);
      }
    }
    close(stretch, boxes);
    return boxes;
  }

  private static void close(List<PageView> stretch, List<RingBox> boxes) {
    if (!stretch.isEmpty()) {
      boxes.add(new RingBox(List.of(), List.copyOf(stretch)));
      stretch.clear();
    }
  }

  private static List<String> labels(RingView view, int slot) {
    List<String> labels = new ArrayList<>();
    if (slot == view.head()) {
      labels.add("head");
    }
    if (slot == view.commit()) {
      labels.add("commit");
    }
    if (slot == view.tail()) {
      labels.add("tail");
    }
    return labels;
  }

  /** Labels stand above their box, the lowest one next to it. */
  private static void labels(List<RingBox> boxes, List<StringBuilder> lines) {
    int rows = boxes.stream().mapToInt(box -> box.labels().size()).max().orElse(0);
    for (int row = 0; row < rows; row++) {
      StringBuilder line = new StringBuilder();
      for (RingBox box : boxes) {
        int index = row - (rows - box.labels().size());
        put(line, center(index < 0 ? "" : box.labels().get(index)));
      }
      lines.add(line);
    }
  }

  private static void boxes(List<RingBox> boxes, int capacity, List<StringBuilder> lines) {
    String edge = "+" + "-".repeat(INNER) + "+";
    StringBuilder top = new StringBuilder();
    StringBuilder name = new StringBuilder();
    StringBuilder fill = new StringBuilder();
    StringBuilder events = new StringBuilder();
    for (int i = 0; i < boxes.size(); i++) {
      RingBox box = boxes.get(i);
      put(top, edge);
      put(name, "|" + pad(box.name()) + "|");
      put(fill, "|" + box.fill(capacity, INNER) + "|");
      put(events, "|" + pad(box.events()) + "|");
      if (i > 0 && i < boxes.size() - 1) {
        name.replace(name.length() - GAP, name.length(), "-->");
      }
    }
    lines.addAll(List.of(top, name, fill, events, new StringBuilder(top)));
  }

  private static void arrowBack(int ringBoxes, List<StringBuilder> lines) {
    int first = BOX + GAP + BOX / 2;
    int last = first + (ringBoxes - 1) * (BOX + GAP);
    StringBuilder up = new StringBuilder(" ".repeat(first)).append('^');
    StringBuilder across = new StringBuilder(" ".repeat(first)).append('+');
    if (last > first) {
      up.append(" ".repeat(last - first - 1)).append('|');
      across.append("-".repeat(last - first - 1)).append('+');
    } else {
      up.append(" |");
      across.append("-+");
    }
    lines.add(up);
    lines.add(across);
  }

  private static void put(StringBuilder line, String cell) {
    line.append(cell).append(" ".repeat(GAP));
  }

  private static String center(String text) {
    int left = (BOX - text.length()) / 2;
    return " ".repeat(left) + text + " ".repeat(BOX - left - text.length());
  }

  private static String pad(String text) {
    String cut = text.length() > INNER ? text.substring(0, INNER) : text;
    return cut + " ".repeat(INNER - cut.length());
  }
}
