package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.pagewheel.Page;
import org.pagewheel.format.PageEncoder;

/** What was saved of one CPU's ring, see {@link ForeignRing#salvage}. */
public final class Salvage {
  /** A page that holds together; sequence −1 of one that a reader had. */
  record Saved(
      long sequence,
      boolean held,
      int events,
      long first,
      long last,
      int used,
      MemorySegment memory) {}

  private final int cpu;
  private final int pageSize;
  private final List<Saved> saved = new ArrayList<>();
  private final List<String> damage = new ArrayList<>();
  private final List<Page> pages = new ArrayList<>();
  private int torn;
  private long events;

  Salvage(int cpu, int pageSize) {
    this.cpu = cpu;
    this.pageSize = pageSize;
  }

  /**
   * The CPU.
   *
   * @return its number
   */
  public int cpu() {
    return cpu;
  }

  /**
   * The pages, in order of time; the first one tells what was overwritten before it.
   *
   * @return pages whose release does nothing
   */
  public List<Page> pages() {
    return List.copyOf(pages);
  }

  /**
   * How many events the pages hold.
   *
   * @return a number of at least 0
   */
  public long events() {
    return events;
  }

  /**
   * How many events had been begun and not committed; they are left out.
   *
   * @return a number of at least 0
   */
  public int torn() {
    return torn;
  }

  /**
   * What was discarded, and why.
   *
   * @return one line for each
   */
  public List<String> damage() {
    return List.copyOf(damage);
  }

  void damaged(String what) {
    damage.add(what);
  }

  void torn(int count) {
    torn += count;
  }

  void add(Saved page) {
    saved.add(page);
  }

  Salvage finish(LongSupplier lost, long told) {
    dropCopies();
    saved.sort(Comparator.comparingLong(Saved::sequence));
    dropOutOfTime();
    saved.sort(
        Comparator.comparingLong(Saved::first)
            .thenComparingLong(Saved::last)
            .thenComparingLong(Saved::sequence));
    long missed = damage.isEmpty() ? missed(lost, told) : -1;
    for (Saved page : saved) {
      PageEncoder.finish(page.memory, 0, pageSize, page.used, missed, false);
      pages.add(new Page(cpu, pages.size(), 0, page.memory, done -> {}));
      events += page.events;
      missed = 0;
    }
    return this;
  }

  private static long missed(LongSupplier lost, long told) {
    try {
      return Math.max(0, lost.getAsLong() - told);
    } catch (IndexOutOfBoundsException e) {
      return -1; // the words that count it are damaged
    }
  }

  /** A reader's copy of a page that is in the ring too: the page has all of it. */
  private void dropCopies() {
    List<Saved> inRing = saved.stream().filter(page -> !page.held).toList();
    saved.removeIf(page -> page.held && inRing.stream().anyMatch(other -> isPartOf(page, other)));
  }

  private static boolean isPartOf(Saved page, Saved other) {
    return page.first >= other.first
        && page.last <= other.last
        && (page.first < other.last || other.first == other.last);
  }

  /** A page whose time does not lie between those beside it has a damaged header. */
  private void dropOutOfTime() {
    List<Saved> kept = new ArrayList<>();
    for (int i = 0; i < saved.size(); i++) {
      Saved page = saved.get(i);
      Saved before = kept.isEmpty() || page.held ? null : kept.getLast();
      if (before == null || before.held || page.first >= before.last) {
        kept.add(page);
        continue;
      }
      boolean nextFits = i + 1 < saved.size() && saved.get(i + 1).first >= before.last;
      Saved wrong = nextFits ? page : before;
      damaged("the page of sequence " + wrong.sequence + " has a time that cannot be there");
      if (!nextFits) {
        kept.removeLast();
        i--; // to be compared with the one before
      }
    }
    saved.clear();
    saved.addAll(kept);
  }
}
