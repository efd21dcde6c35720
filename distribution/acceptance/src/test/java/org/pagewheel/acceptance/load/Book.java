package org.pagewheel.acceptance.load;

import java.util.BitSet;
import org.pagewheel.Page;
import org.pagewheel.event.CommonFields;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.PageConsumer;

/** Takes note of the writers' events: how many came, and whether one came twice or too late. */
final class Book implements ConsumerFactory, PageConsumer {
  private static final int CPUS = 1024;
  private static final int WRITER = CommonFields.SIZE;
  private static final int COUNT = WRITER + Long.BYTES;

  private final String type;
  private final BitSet[] seen;
  private final long[][] last;
  private long came;
  private long wrong;
  private long missed;

  Book(String type, int writers) {
    this.type = type;
    seen = new BitSet[writers];
    last = new long[CPUS][writers];
    for (int i = 0; i < writers; i++) {
      seen[i] = new BitSet();
    }
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public PageConsumer open(ConsumerContext context) {
    return this;
  }

  @Override
  public synchronized void accept(Page page, long alone) {
    try {
      PageCursor cursor = new PageCursor(PageFormat.of((int) page.memory().byteSize()));
      cursor.reset(page.memory());
      missed += Math.abs(cursor.missed()) + Math.abs(alone);
      while (cursor.next()) {
        long common = page.memory().get(PageLayout.LONG, cursor.payloadOffset());
        if (CommonFields.type(common) == LoadActivator.STEP.id()) {
          int writer = (int) page.memory().get(PageLayout.LONG, cursor.payloadOffset() + WRITER);
          long count = page.memory().get(PageLayout.LONG, cursor.payloadOffset() + COUNT);
          note(page.cpu(), writer, count);
        }
      }
    } catch (DamagedPageException e) {
      wrong++;
    }
  }

  private void note(int cpu, int writer, long count) {
    if (seen[writer].get((int) count) || count < last[cpu][writer]) {
      wrong++;
    }
    seen[writer].set((int) count);
    last[cpu][writer] = count;
    came++;
  }

  synchronized long came() {
    return came;
  }

  synchronized long wrong() {
    return wrong;
  }

  synchronized long missed() {
    return missed;
  }

  @Override
  public void close() {}
}
