package org.pagewheel.consumer.testing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.pagewheel.Page;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.CountedPage;

/** Pages full of events {@code tick}, whose numbers go on from page to page of a CPU. */
public final class TickPages {
  /** Whose events they are, unless {@link #type} says otherwise. */
  public static final int PID = 4251;

  /** What they are, unless {@link #type} says otherwise; ids of this process begin at 30 000. */
  public static final EventFormat TICK = format(50_001, "tick");

  private static final int PAYLOAD = 12;
  private static final int RECORD = 16;

  private final int pageSize;
  private int id;
  private int pid = PID;
  private final int[] next;
  private int pages;

  /** Pages of so many CPUs, with events of the type of this id. */
  public TickPages(int cpus, int pageSize, int id) {
    this.pageSize = pageSize;
    this.id = id;
    this.next = new int[cpus];
  }

  /** What the next pages are of. */
  public void type(int newId, int newPid) {
    id = newId;
    pid = newPid;
  }

  /** The format of a type of this id and name. */
  public static EventFormat format(int id, String name) {
    return new EventFormat(
        id,
        "demo",
        name,
        """
        name: %s
        ID: %d
        format:
        \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
        \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
        \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
        \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

        \tfield:int n;\toffset:8;\tsize:4;\tsigned:1;

        print fmt: "n=%%d", REC->n
        """
            .formatted(name, id));
  }

  /** How many events fit on a page. */
  public static int perPage(int pageSize) {
    return (pageSize - PageLayout.DATA - PageLayout.MISSED_ROOM) / RECORD;
  }

  /** How many events there were of a CPU. */
  public int next(int cpu) {
    return next[cpu];
  }

  /** A native page, as full as it can be. */
  public Page page(int cpu) {
    return page(cpu, Arena.ofAuto().allocate(pageSize, Long.BYTES));
  }

  /** The same in other memory. */
  public Page page(int cpu, MemorySegment page) {
    PageEncoder.open(page, 0, next[cpu] * 10L + 1);
    int at = PageLayout.DATA;
    for (int i = 0; i < perPage(pageSize); i++) {
      int payload = PageEncoder.putData(page, 0, at, i == 0 ? 0 : 10, PAYLOAD);
      page.set(ValueLayout.JAVA_INT_UNALIGNED, payload, id);
      page.set(ValueLayout.JAVA_INT_UNALIGNED, payload + 4, pid);
      page.set(ValueLayout.JAVA_INT_UNALIGNED, payload + 8, next[cpu]++);
      at = payload + PAYLOAD;
    }
    PageEncoder.finish(page, 0, pageSize, at - PageLayout.DATA, 0, false);
    return new CountedPage(cpu, pages++, 0, page, released -> {});
  }
}
