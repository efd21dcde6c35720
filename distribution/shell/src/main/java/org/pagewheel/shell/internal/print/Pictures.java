package org.pagewheel.shell.internal.print;

import java.util.AbstractList;
import java.util.List;
import org.pagewheel.RingView;

/** What {@code show} returns: the rings of a buffer as data, printed as drawings. */
public final class Pictures extends AbstractList<RingView> {
  private final String title;
  private final List<RingView> views;
  private final boolean colours;

  public Pictures(String title, List<RingView> views, boolean colours) {
    this.title = title;
    this.views = List.copyOf(views);
    this.colours = colours;
  }

  @Override
  public RingView get(int index) {
    return views.get(index);
  }

  @Override
  public int size() {
    return views.size();
  }

  /** One drawing below another, with a blank line between. */
  String format() {
    return format(RingDrawing.WIDTH);
  }

  /** The same for a terminal of a width. */
  String format(int columns) {
    StringBuilder text = new StringBuilder(title).append('\n');
    for (RingView view : views) {
      String drawing = RingDrawing.draw(view, columns);
      text.append(view.pages().isEmpty() ? "" : "\n")
          .append(colours ? Colours.paint(drawing) : drawing);
    }
    return text.toString();
  }
}
