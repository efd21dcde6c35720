package org.pagewheel.shell.internal.replay;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/**
 * Makes the pages of a file from the pages of a ring: adds the losses before a page, and writes the
 * words in the byte order and size of the file, whose payloads are in that order too. For one
 * thread.
 *
 * <p>The loss is placed where tools show it, or do not show it, just as in the input, see {@link
 * Loss}: to hide it, a time extend of 0 is put before the first event.
 */
final class PageExport {
  private final PageFormat format;
  private final boolean own;
  private final MemorySegment out;
  private long unreported;

  PageExport(PageFormat format) {
    this.format = format;
    this.own = format.equals(PageFormat.of(format.pageSize()));
    this.out = Arena.ofAuto().allocate(format.pageSize(), Long.BYTES);
  }

  /**
   * A page in the form of the file.
   *
   * @param page a ring's page
   * @param loss what was lost before it
   * @return the page itself, or memory that is valid until the next call
   * @throws DamagedPageException if it is not a page of a ring
   */
  MemorySegment page(MemorySegment page, Loss loss) throws DamagedPageException {
    if (own && loss.isNone()) {
      return page;
    }
    int used = PageLayout.used(page);
    Loss reported = loss;
    if (loss.hidden() && format.data() + used + RecordLayout.EXTEND_SIZE > format.pageSize()) {
      unreported++;
      reported = Loss.NONE;
    }
    int to = open(page.get(PageLayout.LONG, PageLayout.TIME));
    if (reported.hidden()) {
      to = putEmptyExtend(to);
    }
    int at = PageLayout.DATA;
    int end = at + used;
    while (at < end) {
      int size = RecordLayout.sizeAt(page, 0, at, end);
      copyRecord(page, at, to, size);
      at += size;
      to += size;
    }
    return finish(to, reported);
  }

  /** A page without events, which only reports a loss. */
  MemorySegment empty(long time, Loss loss) {
    return finish(open(time), loss);
  }

  /** How many losses did not fit on their page; more than 0 only if a page is completely full. */
  long unreported() {
    return unreported;
  }

  private int open(long time) {
    out.fill((byte) 0);
    out.set(format.longLayout(), PageLayout.TIME, time);
    return format.data();
  }

  private int putEmptyExtend(int to) {
    out.set(format.intLayout(), to, format.word(RecordLayout.TIME_EXTEND, 0));
    return to + RecordLayout.EXTEND_SIZE;
  }

  /** Rewrites a record's words, and copies what follows them. */
  private void copyRecord(MemorySegment page, int at, int to, int size) {
    int word = page.get(PageLayout.INT, at);
    int type = RecordLayout.type(word);
    out.set(format.intLayout(), to, format.word(type, RecordLayout.delta(word)));
    int header = RecordLayout.WORD;
    if (type == 0 || type >= RecordLayout.PADDING) {
      int second = page.get(PageLayout.INT, at + RecordLayout.WORD);
      out.set(format.intLayout(), to + RecordLayout.WORD, second);
      header = 2 * RecordLayout.WORD;
    }
    MemorySegment.copy(page, at + header, out, to + header, size - header);
  }

  private MemorySegment finish(int end, Loss loss) {
    int commit = end - format.data();
    if (!loss.isNone()) {
      commit |= PageLayout.MISSED_EVENTS;
      if (loss.missed() > 0 && end + format.longSize() <= format.pageSize()) {
        commit |= PageLayout.MISSED_STORED;
        if (format.longSize() == Long.BYTES) {
          out.set(format.longLayout(), end, loss.missed());
        } else {
          out.set(format.intLayout(), end, (int) loss.missed());
        }
      }
    }
    out.set(format.intLayout(), format.commit(), commit);
    return out;
  }
}
