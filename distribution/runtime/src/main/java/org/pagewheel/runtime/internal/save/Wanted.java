package org.pagewheel.runtime.internal.save;

import java.io.IOException;
import java.util.List;
import org.pagewheel.Buffer;
import org.pagewheel.runtime.internal.trigger.Trigger;

/** What a trigger keeps, once its time is over. Distinguished by identity. */
final class Wanted {
  final Trigger trigger;
  private final String event;
  private final List<KeptTraces.Span> spans;

  /**
   * Makes one.
   *
   * @param trigger the trigger
   * @param event the event that fired it
   * @param spans the times to keep, that of the trigger's buffer first
   */
  Wanted(Trigger trigger, String event, List<KeptTraces.Span> spans) {
    this.trigger = trigger;
    this.event = event;
    this.spans = spans;
  }

  Buffer first() {
    return spans.getFirst().buffer();
  }

  /** A buffer that was closed holds nothing any more. */
  Picture picture() throws IOException {
    List<KeptTraces.Span> open = spans.stream().filter(span -> !span.buffer().isClosed()).toList();
    if (open.isEmpty()) {
      throw new IOException("the buffer was closed before the time was over");
    }
    return Picture.of(open.stream().map(KeptTraces.Span::buffer).toList()).between(open);
  }

  /** What of it the rings have overwritten; empty if nothing. */
  String missing(Picture picture) {
    if (first().isClosed()) {
      return first() + " was closed before the time was over; the others were kept";
    }
    return picture.overwritten().isEmpty()
        ? ""
        : "the oldest events were overwritten before the time was over, the ring is too small: "
            + String.join(", ", picture.overwritten());
  }

  /** After the buffer and the event; nothing of it leads out of a directory. */
  String fileName() {
    return first().name() + "-" + event.replaceAll("[^A-Za-z0-9_]+", ".");
  }

  String who() {
    return "%s: keep at %s".formatted(first(), event);
  }
}
