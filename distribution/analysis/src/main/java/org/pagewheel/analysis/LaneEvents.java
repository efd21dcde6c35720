package org.pagewheel.analysis;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.pagewheel.event.CommonFields;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Reason;

/**
 * The events of one lane, one after another. After a damaged page it goes on with the next one and
 * reports a loss of unknown number; where the file ends, the lane does. Allocates nothing for an
 * event.
 */
final class LaneEvents {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int PID = 4;

  /** The index of its trace. */
  final int traceIndex;

  final Trace trace;
  final Lane lane;

  private final Problems problems;
  private final Pages pages;
  private final PageCursor cursor;
  private final boolean isLittle;
  private MemorySegment page;
  private long pending;
  private long missed;
  private long lost;

  /** The time as it is shown. */
  private long time;

  LaneEvents(int traceIndex, Trace trace, Lane lane, Problems problems) throws IOException {
    this.traceIndex = traceIndex;
    this.trace = trace;
    this.lane = lane;
    this.problems = problems;
    this.pages = lane.source().open();
    this.cursor = new PageCursor(pages.format());
    this.isLittle = pages.format().order() == ByteOrder.LITTLE_ENDIAN;
  }

  /** Goes to the next event and returns whether there is one. */
  boolean next() {
    missed = 0;
    while (true) {
      try {
        if (page != null && cursor.next()) {
          if (pending != 0) {
            missed = pending;
            lost = PageLayout.sumOfMissed(lost, missed);
            pending = 0;
          }
          time = trace.shownTime(cursor.time());
          return true;
        }
        page = pages.next();
        if (page == null) {
          return false;
        }
        cursor.reset(page);
        pending = PageLayout.sumOfMissed(pending, cursor.missed());
      } catch (DamagedPageException e) {
        problems.add(
            "%s, offset %d: %s is damaged: %s"
                .formatted(
                    trace.name(),
                    pages.offset() + e.offset(),
                    words(),
                    e.getMessage().replaceFirst("^damaged page at offset \\d+: ", "")));
        pending = PageLayout.MISSED_UNKNOWN;
      } catch (IOException e) {
        problems.add(Reason.of(e));
        pending = PageLayout.MISSED_UNKNOWN; // whatever the rest of the lane contained
        page = null;
        return false;
      }
    }
  }

  private String words() {
    return "a page of CPU "
        + lane.cpu()
        + (lane.buffer().isEmpty() ? "" : " of buffer " + lane.buffer());
  }

  /** What was lost before the event; −1 if the number is unknown. */
  long missed() {
    return missed;
  }

  /** What was lost after the last event. */
  long missedAtEnd() {
    return pending;
  }

  /** What was lost so far, in all gaps. */
  long lost() {
    return PageLayout.sumOfMissed(lost, pending);
  }

  long time() {
    return time;
  }

  /** As it stands on the page. */
  long rawTime() {
    return cursor.time();
  }

  MemorySegment memory() {
    return page;
  }

  int offset() {
    return cursor.payloadOffset();
  }

  int length() {
    return cursor.payloadLength();
  }

  /** Bytes of the event in the file, including its header. */
  int size() {
    return cursor.payloadOffset() + cursor.payloadLength() - cursor.recordOffset();
  }

  /** The id of the event's type, or −1. */
  int type() {
    if (cursor.payloadLength() < CommonFields.SIZE) {
      return -1;
    }
    short word = page.get(SHORT, cursor.payloadOffset());
    return (isLittle ? word : Short.reverseBytes(word)) & 0xffff;
  }

  /** The thread, or −1. */
  int tid() {
    if (cursor.payloadLength() < CommonFields.SIZE) {
      return -1;
    }
    int word = page.get(PageLayout.INT, cursor.payloadOffset() + PID);
    return isLittle ? word : Integer.reverseBytes(word);
  }
}
