package org.pagewheel.spi;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/**
 * A page of a ring, for backends: it is filled with events, which may be finished in any order, and
 * read in parts, also while it is being filled. The backend decides where pages are and in which
 * order they come. Not thread-safe: guarded by whatever guards the ring, except that payloads are
 * written without it.
 *
 * <p>Made once, begun again for each lap. A page given up while events are still being written in
 * it must not be begun before {@link #hasOpenEvents} is false.
 */
public final class RecordedPage {
  /** A reservation's own bits are the page's number and one bit: whether its header is long. */
  private static final int NUMBER_BITS = Reservation.OWN_BITS - 1;

  /** How many pages a ring can have, over all CPUs. */
  public static final int MAX_PAGES = 1 << NUMBER_BITS;

  private final int number;
  private final int cpu;
  private final MemorySegment memory;
  private final PageCursor cursor;

  /** The events reserved and not finished, by the place of their payload in words. */
  private final BitSet open;

  private long sequence;

  /** Bytes of records, and the time of the last. */
  private int used;

  private long time;

  /** Events committed, and how much of them was read while the page was still being written. */
  private int entries;

  private int entriesRead;
  private int bytesRead;
  private boolean discards;
  private boolean closed;

  /** What {@link #extract} found last: unread events, and bytes up to there with those before. */
  private int events;

  private int bytes;

  /**
   * Makes a page, which is to be {@link #begin begun}.
   *
   * @param number which of the ring's pages it is, below {@link #MAX_PAGES}: {@link #number(long)}
   *     finds it again
   * @param cpu whose stream it is of
   * @param memory its bytes, of the page's size, in memory in which 8-byte fields can be aligned
   */
  public RecordedPage(int number, int cpu, MemorySegment memory) {
    this.number = number;
    this.cpu = cpu;
    this.memory = memory;
    this.cursor = new PageCursor(PageFormat.of((int) memory.byteSize()));
    this.open = new BitSet((int) memory.byteSize() / RecordLayout.WORD);
  }

  /**
   * The page of a reservation.
   *
   * @param reservation given by {@link #reserve}
   * @return the number that the page was made with
   */
  public static int number(long reservation) {
    return Reservation.own(reservation) >> 1;
  }

  /**
   * Its bytes.
   *
   * @return those that it was made with
   */
  public MemorySegment memory() {
    return memory;
  }

  /**
   * Its number in the CPU's stream.
   *
   * @return as it was begun
   */
  public long sequence() {
    return sequence;
  }

  // ---- filling

  /**
   * Makes it the next page of the stream, empty.
   *
   * @param sequence its number there
   * @param time of the event that will be its first
   */
  public void begin(long sequence, long time) {
    this.sequence = sequence;
    this.time = time;
    used = 0;
    entries = 0;
    entriesRead = 0;
    bytesRead = 0;
    discards = false;
    closed = false;
    PageEncoder.open(memory, 0, time);
  }

  /**
   * Whether the next event fits; if not, the page must be closed and another one begun.
   *
   * @param time of the event
   * @param length of its payload
   * @return false if the page is closed, too
   */
  public boolean fits(long time, int length) {
    return !closed && PageLayout.fits((int) memory.byteSize(), used, extend(time) + size(length));
  }

  private int extend(long now) {
    return now - time > RecordLayout.MAX_DELTA ? RecordLayout.EXTEND_SIZE : 0;
  }

  /** An empty event gets one byte: what is read must be somewhere. */
  private static int size(int length) {
    return RecordLayout.size(Math.max(length, 1));
  }

  /**
   * Reserves room for an event that {@link #fits}, and writes its header.
   *
   * @param now its time, not before that of the event before
   * @param length of its payload
   * @return the reservation, with the payload's place in {@link #memory}
   */
  public long reserve(long now, int length) {
    int at = PageLayout.DATA + used;
    int delta = (int) (now - time);
    int size = extend(now) + size(length);
    if (extend(now) > 0) {
      at = PageEncoder.putExtend(memory, 0, at, now - time);
      delta = 0;
    }
    int payload = PageEncoder.putData(memory, 0, at, delta, Math.max(length, 1));
    int longHeader = payload - at > RecordLayout.WORD ? 1 : 0;
    long reservation = Reservation.of(number << 1 | longHeader, payload);
    open.set(payload / RecordLayout.WORD);
    used += size;
    time = now;
    return reservation;
  }

  /**
   * Finishes an event that stays.
   *
   * @param reservation as {@link #reserve} gave it
   * @throws IllegalStateException if it is finished already; nothing has changed then
   */
  public void commit(long reservation) {
    settle((int) Reservation.offset(reservation));
    entries++;
  }

  /**
   * Finishes a discarded event: readers skip it.
   *
   * @param reservation as {@link #reserve} gave it
   * @throws IllegalStateException if it is finished already; nothing has changed then
   */
  public void discard(long reservation) {
    int payload = (int) Reservation.offset(reservation);
    settle(payload);
    int header = RecordLayout.WORD * (1 + (Reservation.own(reservation) & 1));
    PageEncoder.discard(memory, 0, payload - header);
    discards = true;
  }

  private void settle(int payload) {
    if (!open.get(payload / RecordLayout.WORD)) {
      throw new IllegalStateException(
          "the event at " + payload + " was committed or discarded already");
    }
    open.clear(payload / RecordLayout.WORD);
  }

  /** Closes the page to further events. */
  public void close() {
    closed = true;
  }

  /**
   * Whether it was closed.
   *
   * @return until it is begun again
   */
  public boolean isClosed() {
    return closed;
  }

  /**
   * Whether an event in it is still being written.
   *
   * @return whether a reservation is not finished
   */
  public boolean hasOpenEvents() {
    return !open.isEmpty();
  }

  /**
   * Whether it will not change again.
   *
   * @return whether it is closed and has no open event
   */
  public boolean isComplete() {
    return closed && !hasOpenEvents();
  }

  /**
   * Committed events that were not taken.
   *
   * @return how many
   */
  public int unread() {
    return entries - entriesRead;
  }

  /**
   * Bytes of records that were not taken.
   *
   * @return how many
   */
  public int unreadBytes() {
    return used - bytesRead;
  }

  /**
   * When its first event was recorded.
   *
   * @return by the ring's clock
   */
  public long firstTime() {
    return memory.get(PageLayout.LONG, PageLayout.TIME);
  }

  // ---- reading

  /**
   * Makes a page for readers from what is committed and not taken yet, up to the first event that
   * is still being written.
   *
   * @param into where: this page's own memory if it is complete and is taken for good, else other
   *     memory of the same size
   * @param missed lost events to report in it
   * @param releaser gets {@code into} back
   * @return null if there is nothing
   * @throws DamagedPageException if a writer wrote outside its event; the page is unusable
   */
  public Page part(MemorySegment into, long missed, CountedPage.Releaser releaser)
      throws DamagedPageException {
    if (into != memory) {
      into.copyFrom(memory);
    }
    try {
      extract(into, missed);
    } catch (IllegalStateException damaged) {
      throw new DamagedPageException(PageLayout.DATA, damaged.getMessage());
    }
    return events == 0 ? null : new CountedPage(cpu, sequence, entriesRead, into, releaser);
  }

  /**
   * Notes that the last {@link #part} was taken: it is not read again.
   *
   * @return how many events that were
   */
  public int taken() {
    entriesRead += events;
    bytesRead = bytes;
    return events;
  }

  private void extract(MemorySegment page, long missed) throws DamagedPageException {
    int pageSize = (int) memory.byteSize();
    PageEncoder.setMissed(page, 0, pageSize, used, 0);
    cursor.reset(page);
    int found = 0;
    int begin = PageLayout.DATA;
    int end = PageLayout.DATA;
    long beginTime = 0;
    while (cursor.next() && !open.get(cursor.payloadOffset() / RecordLayout.WORD)) {
      if (found++ == entriesRead) {
        begin = cursor.recordOffset();
        beginTime = cursor.time();
      }
      end = cursor.position();
    }
    if (isComplete() && found != entries) {
      throw new DamagedPageException(end, found + " events, not " + entries);
    }
    bytes = end - PageLayout.DATA;
    events = found - entriesRead;
    if (events > 0) {
      int left = entriesRead == 0 ? bytes : PageEncoder.keepFrom(page, 0, begin, end, beginTime);
      PageEncoder.finish(page, 0, pageSize, left, missed, discards);
    }
  }

  /**
   * Its picture, for drawing.
   *
   * @return as it is now
   */
  public RingView.PageView view() {
    RingView.State state =
        !closed
            ? RingView.State.OPEN
            : hasOpenEvents() ? RingView.State.PENDING : RingView.State.FULL;
    return RingView.PageView.of(sequence, state, used, entries);
  }

  /**
   * Draws the ring of a CPU.
   *
   * @param cpu its number
   * @param slots how many pages the ring may have
   * @param pageSize of each
   * @param pages those there are, the oldest first, the last being written
   * @return as they are now
   */
  public static RingView view(int cpu, int slots, int pageSize, Iterable<RecordedPage> pages) {
    List<RingView.PageView> views = new ArrayList<>();
    int commit = -1;
    for (RecordedPage page : pages) {
      commit = commit < 0 && page.hasOpenEvents() ? views.size() : commit;
      views.add(page.view());
    }
    int head = views.isEmpty() ? -1 : 0;
    int tail = Math.max(views.size() - 1, 0);
    while (views.size() < slots) {
      views.add(RingView.PageView.EMPTY);
    }
    return RingView.builder(cpu, PageLayout.capacity(pageSize), views)
        .head(head)
        .tail(tail)
        .commit(commit < 0 ? tail : commit)
        .build();
  }
}
