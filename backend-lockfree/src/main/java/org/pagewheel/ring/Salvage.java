package org.pagewheel.ring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageLayout;

/**
 * What was saved from one CPU's ring, see {@link ForeignRing#salvage}. Every hole between two of
 * its pages, and between the pages that consumers gave back and the first one, is reported in the
 * page after it.
 */
public final class Salvage {
  // A CPU's stream is: pages that a reader took and gave back; pages that it holds, among them
  // others that it gave back; pages in the ring. An event that is written is read, lost or unread.
  // The number read or lost before a page is in the entry of a held frame, and for the ring in its
  // counters. So the number missing between two pages is a difference of such sums, whatever
  // happened to the pages between them. Damaged pages in the ring are counted by their memos.
  //
  // A process dies between any two stores: the entry of a frame is written before it is taken and
  // the counters after it, so of both the larger sum is right.

  private static final long UNKNOWN = PageLayout.MISSED_UNKNOWN;

  /** Beyond that a sum was damaged. */
  private static final long MAX = 1L << 60;

  private static final int MAX_LINES = 20;

  /** Of a frame that is held: sums of events before its first one. */
  private record Held(long read, long events, long lost, long told) {}

  /** A consistent page. */
  private static final class Piece {
    final long sequence;
    final int page;
    final Held held;
    final int events;
    final long first;
    final long last;
    long missed;

    /** In the ring, the events of damaged pages before it, since the piece before. */
    long damagedBefore;

    Piece(long sequence, int page, Held held, PageSalvage found) {
      this.sequence = sequence;
      this.page = page;
      this.held = held;
      this.events = found.events();
      this.first = found.firstTime();
      this.last = found.lastTime();
    }

    /** Events at its beginning that were handed out before, on another page. */
    long handedOut() {
      return held == null ? 0 : events - held.events;
    }
  }

  /** An inconsistent page in the ring; the number of its events may be unknown. */
  private record Damage(long sequence, long events) {}

  private final int cpu;
  private final RingMemory memory;
  private final RingLayout layout;
  private final PageSalvage frames;
  private final MemorySegment scratch;
  private final List<Piece> held = new ArrayList<>();
  private final List<Piece> inRing = new ArrayList<>();
  private final List<Damage> damages = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private final List<Piece> pieces = new ArrayList<>();
  private int moreLines;
  private boolean isUnknown;
  private long readInRing;
  private long torn;
  private long events;
  private long overwritten;
  private long taken;

  Salvage(int cpu, RingMemory memory, PageSalvage frames) {
    this.cpu = cpu;
    this.memory = memory;
    this.layout = memory.layout;
    this.frames = frames;
    this.scratch = MemorySegment.ofArray(new long[layout.pageSize / Long.BYTES]);
  }

  // ---- what it says

  /**
   * The CPU.
   *
   * @return its number
   */
  public int cpu() {
    return cpu;
  }

  /**
   * How many pages there are.
   *
   * @return a number of at least 0
   */
  public int pages() {
    return pieces.size();
  }

  /** A receiver of pages. */
  @FunctionalInterface
  public interface Taker {
    /**
     * Takes a page.
     *
     * @param page finished, with the number of events missing before it; valid until the return
     * @throws IOException if it cannot be taken; then no other is given
     */
    void take(MemorySegment page) throws IOException;
  }

  /**
   * Gives the pages one by one, in the order of the stream.
   *
   * @param taker gets each
   * @throws IOException if it throws that, or a page has changed since the ring was read
   */
  public void forEachPage(Taker taker) throws IOException {
    for (int i = 0; i < pieces.size(); i++) {
      taker.take(page(i));
    }
  }

  /**
   * One of the pages.
   *
   * @param index from 0 to {@link #pages} − 1, in the order of the stream
   * @return the page, finished, with the number of events missing before it; until the next call
   * @throws IOException if the page has changed since the ring was read
   */
  public MemorySegment page(int index) throws IOException {
    Piece piece = pieces.get(index);
    String problem = read(piece.page, piece.held != null);
    if (problem != null || frames.events() != piece.events) {
      throw new IOException("page " + piece.page + " of CPU " + cpu + " has changed meanwhile");
    }
    PageEncoder.finish(scratch, 0, layout.pageSize, frames.used(), piece.missed, false);
    return scratch;
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
  public long torn() {
    return torn;
  }

  /**
   * How many events were overwritten before a consumer got them, in the ring's whole life.
   *
   * @return a number of at least 0; −1 if it is unknown
   */
  public long overwritten() {
    return overwritten;
  }

  /**
   * How many events consumers took that are no longer in the memory.
   *
   * @return a number of at least 0; −1 if it is unknown
   */
  public long taken() {
    return taken;
  }

  /**
   * How many events are on pages that were discarded as damaged, as far as is known.
   *
   * @return a number of at least 0; −1 if nothing is known of the ring
   */
  public long damagedEvents() {
    return isUnknown
        ? UNKNOWN
        : damages.stream().mapToLong(damage -> Math.max(0, damage.events)).sum();
  }

  /**
   * How many pages with an unknown number of events were discarded.
   *
   * @return a number of at least 0
   */
  public long damagedPages() {
    return damages.stream().filter(damage -> damage.events == UNKNOWN).count();
  }

  /**
   * What was discarded, and why.
   *
   * @return one line for each, up to a limit
   */
  public List<String> damage() {
    List<String> all = new ArrayList<>(lines);
    if (moreLines > 0) {
      all.add("and " + moreLines + " more like these");
    }
    return all;
  }

  // ---- what is found

  /** Nothing is known of this ring, nor what was in it. */
  void unknown(String what) {
    damaged(what);
    isUnknown = true;
  }

  void damaged(String what) {
    if (lines.size() < MAX_LINES) {
      lines.add(what);
    } else {
      moreLines++;
    }
  }

  /** The slot of a sequence is damaged, and so is all that may have been there. */
  void damaged(long sequence, String what) {
    damaged(what);
    boolean everWritten = sequence >= layout.slots;
    if (everWritten && sequence >= memory.getCounterAcquire(RingLayout.HEAD)) {
      damages.add(new Damage(sequence, UNKNOWN));
    }
  }

  private String read(int page, boolean isHeld) {
    if (isHeld) {
      frames.held(page, scratch);
      return null;
    }
    return frames.whole(page, scratch);
  }

  /** Adds a page in the ring, of which this many events were read. */
  void inRing(long sequence, int page, int read) {
    readInRing += read;
    String problem = read(page, false);
    if (problem == null) {
      torn += frames.torn();
      if (frames.events() > 0) {
        inRing.add(new Piece(sequence, page, null, frames));
      }
      return;
    }
    damaged("page " + page + ": " + problem);
    long memo = memory.getMemoAcquire(page);
    damages.add(
        new Damage(sequence, MemoWord.isAt(memo, sequence) ? MemoWord.events(memo) : UNKNOWN));
  }

  /** A frame out of the ring that a reader holds. */
  void held(int entry, int page) {
    Held words =
        new Held(
            memory.getHeldAcquire(entry, RingLayout.HELD_READ),
            memory.getHeldAcquire(entry, RingLayout.HELD_EVENTS),
            memory.getHeldAcquire(entry, RingLayout.HELD_LOST),
            memory.getHeldAcquire(entry, RingLayout.HELD_TOLD));
    if (isSum(words.read) && isSum(words.events) && isSum(words.lost) && isSum(words.told)) {
      long sequence = memory.getHeldAcquire(entry, RingLayout.HELD_SEQUENCE);
      read(page, true);
      held.add(new Piece(sequence, page, words, frames));
    } else {
      damaged("page " + page + ": a reader cannot have held it in this state");
    }
  }

  private static boolean isSum(long value) {
    return value >= 0 && value < MAX;
  }

  // ---- the account

  Salvage finish() {
    long read = memory.getCounterAcquire(RingLayout.READ);
    long lost = lost();
    for (Piece piece : held) {
      read = Math.max(read, piece.held.read + piece.held.events);
      lost = lost == UNKNOWN ? UNKNOWN : Math.max(lost, piece.held.lost);
    }
    List<Piece> all = List.copyOf(held);
    dropCopies();
    held.sort(
        Comparator.comparingLong((Piece piece) -> piece.sequence)
            .thenComparingLong(piece -> piece.held.read));
    inRing.sort(Comparator.comparingLong(piece -> piece.sequence));
    pieces.addAll(held);
    pieces.addAll(inRing);
    dropOutOfTime();
    addUpDamage();
    tellHoles(read, lost);
    tellHalfMade(all);
    long saved = readInRing;
    for (Piece piece : pieces) {
      events += piece.events;
      saved += piece.held == null ? 0 : piece.events;
    }
    overwritten = isUnknown ? UNKNOWN : lost;
    taken = isSum(read) && !isUnknown ? Math.max(0, read - saved) : UNKNOWN;
    return this;
  }

  /**
   * What a reader had taken and not finished when its process died, before the first piece, was not
   * given to a consumer.
   */
  private void tellHalfMade(List<Piece> all) {
    Piece first = pieces.isEmpty() ? null : pieces.getFirst();
    for (Piece piece : all) {
      if (first != null && piece.events == 0 && piece.sequence < first.sequence) {
        first.missed = PageLayout.sumOfMissed(first.missed, piece.held.events);
      }
    }
  }

  private long lost() {
    try {
      long lost = new Losses(memory, this::committed).total();
      return isSum(lost) ? lost : UNKNOWN;
    } catch (IndexOutOfBoundsException e) {
      return UNKNOWN; // the words that count it are damaged
    }
  }

  private int committed(int page) {
    return read(page, false) == null ? frames.events() : 0;
  }

  /**
   * Drops parts of a page that is on another frame in full, and inconsistent frames, whose process
   * died while it gave them their final form.
   */
  private void dropCopies() {
    Set<Long> whole = new HashSet<>();
    inRing.forEach(piece -> whole.add(piece.sequence));
    held.removeIf(
        piece ->
            piece.events == 0
                || piece.handedOut() < 0
                || piece.handedOut() > piece.held.read
                || whole.contains(piece.sequence));
    held.forEach(
        piece -> {
          if (piece.handedOut() > 0) {
            whole.add(piece.sequence);
          }
        });
    held.removeIf(piece -> piece.handedOut() == 0 && whole.contains(piece.sequence));
  }

  /** A page whose time does not lie between those beside it has a damaged header. */
  private void dropOutOfTime() {
    List<Piece> kept = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      Piece before = kept.isEmpty() ? null : kept.getLast();
      if (before == null || piece.first >= before.last) {
        kept.add(piece);
        continue;
      }
      boolean nextFits = i + 1 < pieces.size() && pieces.get(i + 1).first >= before.last;
      Piece wrong = nextFits ? piece : before;
      damaged("page " + wrong.page + " has a time that cannot be there");
      if (wrong.held == null) {
        damages.add(new Damage(wrong.sequence, wrong.events));
      }
      if (!nextFits) {
        kept.removeLast();
        i--; // to be compared with the one before
      }
    }
    pieces.clear();
    pieces.addAll(kept);
  }

  private void addUpDamage() {
    damages.sort(Comparator.comparingLong(Damage::sequence));
    int next = 0;
    for (Piece piece : pieces) {
      if (piece.held != null) {
        continue;
      }
      for (; next < damages.size() && damages.get(next).sequence < piece.sequence; next++) {
        piece.damagedBefore = PageLayout.sumOfMissed(piece.damagedBefore, damages.get(next).events);
      }
    }
  }

  /** Finds what is missing before each piece. */
  private void tellHoles(long read, long lost) {
    Piece before = null;
    for (Piece piece : pieces) {
      if (piece.held != null) {
        piece.missed =
            before == null
                ? piece.held.told
                : hole(before, piece.held.read - piece.handedOut(), piece.held.lost);
      } else if (before != null && before.held == null) {
        piece.missed = piece.damagedBefore;
      } else if (lost == UNKNOWN) {
        piece.missed = UNKNOWN;
      } else {
        long told = memory.getCounterAcquire(RingLayout.TOLD);
        long missed =
            before == null ? Math.max(0, lost - told) : hole(before, read - readInRing, lost);
        piece.missed = PageLayout.sumOfMissed(missed, piece.damagedBefore);
      }
      before = piece;
    }
  }

  /** What is missing between a piece that is held and the next; unknown if a sum was damaged. */
  private static long hole(Piece before, long read, long lost) {
    long ofRead = read - before.held.read - before.held.events;
    long ofLost = lost - before.held.lost;
    return isSum(ofRead) && isSum(ofLost) ? ofRead + ofLost : UNKNOWN;
  }
}
