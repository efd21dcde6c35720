package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/**
 * Gives the room of a discarded event to the next reservation, if nothing was reserved after the
 * event. For any number of writers of one CPU.
 */
final class GivingBack {
  // The page word becomes again what it was before the event was reserved, its time included: so a
  // writer that saw it then, and has stood still since, reserves on a page that is the same.
  //
  // The record is zeroed before the exchange, since a page is zero after its used bytes: first the
  // payload, then the second word, then the first, which marks the record as pending until then.
  // The second word holds the length of a long record; without it, readers and recovery see a
  // record whose length is not announced yet. If the exchange fails, because another event was
  // reserved or the page was closed, the record is announced again and the caller makes it padding.
  //
  // The first record of a page stays, as padding: an empty page has the time at which it was opened
  // and cannot begin with a time extend. An event 67 ms later would close it and go to the next
  // page, and events discarded now and then would fill the ring with empty pages.
  //
  // An error between the first of those stores and the exchange leaves a record that the next
  // thread makes padding (see Unfinished): the event is discarded all the same.

  private static final int WORD = RecordLayout.WORD;

  private final RingMemory memory;
  private final RingLayout layout;
  private final Unfinished unfinished;
  private final long firstPage;

  /**
   * For the ring of one CPU.
   *
   * @param firstPage where the pages begin in {@link Writer#words}
   */
  GivingBack(RingMemory memory, Unfinished unfinished, long firstPage) {
    this.memory = memory;
    this.layout = memory.layout;
    this.unfinished = unfinished;
    this.firstPage = firstPage;
  }

  /**
   * Tries to give the room back.
   *
   * @param inPages where the record begins, counted from the first page
   * @param header its first word, which says that it is pending
   * @return whether the event is done with; if not, its payload may be gone, and it is pending
   */
  boolean tryIt(long inPages, int page, int header) {
    long record = layout.firstPage + inPages;
    int size = Records.size(memory, record);
    long word = memory.getPageWordAcquire(page);
    long end = record + size - layout.page(page) - PageLayout.DATA;
    if (!PageWord.isOpen(word) || layout.pageWords.used(word) != end || end == size) {
      return false;
    }
    MemorySegment segment = memory.segment;
    long delta = RecordLayout.delta(header & ~Records.PENDING);
    long before = word - (delta << layout.pageWords.timeShift) - size;
    segment.asSlice(record + 2 * WORD, size - 2 * WORD).fill((byte) 0);
    boolean given = false;
    try {
      RingMemory.announce(segment, record + WORD, 0);
      RingMemory.announce(segment, record, 0);
      given = memory.casPageWord(page, word, before); // pairs with the acquire of the next reserve
      if (!given) {
        RingMemory.announce(segment, record, header);
        RingMemory.announce(segment, record + WORD, size - WORD);
      }
      return given;
    } catch (Throwable e) {
      synchronized (unfinished) { // without a call: see there
        int i = unfinished.count;
        if (!given && i < Unfinished.MAX) {
          unfinished.kinds[i] = Unfinished.RECORD;
          unfinished.firsts[i] = size;
          unfinished.seconds[i] = firstPage + inPages;
          unfinished.times[i] = delta;
          unfinished.count = i + 1;
        }
      }
      return true;
    }
  }
}
