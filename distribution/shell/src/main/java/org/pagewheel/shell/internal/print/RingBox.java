package org.pagewheel.shell.internal.print;

import java.util.List;
import org.pagewheel.RingView.PageView;
import org.pagewheel.RingView.State;

/** What is drawn as one box: a page, or a stretch of them. */
record RingBox(List<String> labels, List<PageView> pages) {
  /** A page's number, or how many pages there are. */
  String name() {
    int count = pages.size();
    if (count == 0) {
      return "none";
    }
    if (count > 1) {
      return count + (count < 1000 ? " pages" : " pg"); // more than a box has room for
    }
    long sequence = pages.getFirst().sequence();
    return sequence < 0 ? "" : "#" + sequence;
  }

  /** One # for each part of the columns that is filled, at least one if there is anything. */
  String fill(int capacity, int columns) {
    long used = pages.stream().mapToLong(PageView::used).sum();
    long room = (long) capacity * Math.max(1, pages.size());
    int filled = (int) Math.min(columns, (used * columns + room / 2) / room);
    if (used > 0 && filled == 0) {
      filled = 1;
    }
    return "#".repeat(filled) + (pages.isEmpty() ? " " : ".").repeat(columns - filled);
  }

  /** How many events are in it, at most nine characters. */
  String events() {
    long entries = pages.stream().mapToLong(PageView::entries).sum();
    boolean pending = pages.stream().anyMatch(page -> page.state() == State.PENDING);
    if (pending) {
      return count(entries) + "+open"; // at least one event of it is still being written
    }
    if (entries == 0) {
      return pages.isEmpty() ? "" : "empty";
    }
    return entries == 1 ? "1 event" : entries < 100 ? entries + " events" : count(entries) + " ev";
  }

  private static String count(long number) {
    return number < 10_000 ? Long.toString(number) : number / 1000 + "k";
  }
}
