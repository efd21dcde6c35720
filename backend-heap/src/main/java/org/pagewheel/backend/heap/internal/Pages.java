package org.pagewheel.backend.heap.internal;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.pagewheel.backend.heap.internal.Frame.State;
import org.pagewheel.format.RecordLayout;
import org.pagewheel.spi.CpuAccount;

/**
 * The memory of one CPU: its frames, those in the stream by order of sequence, the free ones, and a
 * bit for each uncommitted record. Guarded by the lock of its CPU.
 */
final class Pages {
  // Invariants:
  // P1  inStream + parked <= slots
  // P2  held <= spares
  // P3  inStream + parked + held + free = slots + spares,
  //     so with P2 there is a free frame whenever the stream has room
  // P4  sequences in the stream have no gaps: frames leave it at the head only
  // P5  one bit for each 4 bytes of memory says whether an uncommitted record begins there (3.1 %
  //     of the memory); a list of the open reservations would have no other bound

  // P6  incomplete = pages of the stream with open reservations, without the one being written
  //
  // The methods that change something are moves: they look first and then store, without a call or
  // an allocation in between. So when the stack or the heap is full, a move is done completely or
  // not at all. That is why they do not share the few lines that they have in common.

  final MemorySegment memory;
  final int slots;
  final int spares;
  final long[] uncommitted;
  final Frame[] free;
  int freeCount;
  int parked;
  int held;
  int incomplete;
  private final int pageShift;
  private final Frame[] frames;
  private final Frame[] stream;
  private int head;
  private int inStream;
  private long nextSequence;

  Pages(int slots, int spares, int pageSize, Consumer<Frame> releaser) {
    this.slots = slots;
    this.spares = spares;
    this.pageShift = Integer.numberOfTrailingZeros(pageSize);
    int count = slots + spares;
    memory = MemorySegment.ofArray(new long[count * (pageSize / Long.BYTES)]); // aligned to 8
    uncommitted = new long[count * (pageSize / (RecordLayout.WORD * Long.SIZE))];
    frames = new Frame[count];
    free = new Frame[count];
    stream = new Frame[slots];
    for (int i = count - 1; i >= 0; i--) {
      long base = (long) i << pageShift;
      frames[i] = new Frame(base, memory.asSlice(base, pageSize), releaser);
      free[freeCount++] = frames[i];
    }
  }

  /** The bytes that a CPU will need, except a few words for each page. */
  static long bytes(int slots, int spares, int pageSize) {
    long pages = ((long) slots + spares) * pageSize;
    return pages + pages / (RecordLayout.WORD * Byte.SIZE);
  }

  /** The frame that an offset in the memory lies in, or null. */
  Frame frameAt(long offset) {
    long index = offset >>> pageShift;
    return index < frames.length ? frames[(int) index] : null;
  }

  // ---- the stream

  int inStream() {
    return inStream;
  }

  /** The page at a place counted from the oldest. */
  Frame get(int place) {
    return stream[slot(place)];
  }

  /** The oldest page, or null. */
  Frame first() {
    return inStream == 0 ? null : stream[head];
  }

  /** The slot of a place, for drawing. */
  int slot(int place) {
    int slot = head + place;
    return slot < slots ? slot : slot - slots;
  }

  boolean hasRoom() {
    return inStream + parked < slots;
  }

  /** Puts a free frame after the last one. Only if {@link #hasRoom}. */
  Frame addLast() {
    if (freeCount == 0) {
      throw noFreePage();
    }
    int place = head + inStream;
    Frame frame = free[--freeCount];
    frame.state = State.OPEN;
    frame.sequence = nextSequence++;
    frame.used = 0;
    frame.time = 0;
    frame.committed = 0;
    frame.discards = false;
    frame.readBytes = 0;
    frame.readEntries = 0;
    frame.readTime = 0;
    stream[place < slots ? place : place - slots] = frame;
    inStream++;
    return frame;
  }

  /** The writers leave the page that they were writing. */
  void close(Frame tail, CpuAccount account) {
    tail.state = State.CLOSED;
    account.pagesWritten++;
    if (tail.open > 0) {
      incomplete++;
    }
  }

  /** The oldest page leaves the stream unread: free, or parked until its reservations are done. */
  void giveUpFirst(CpuAccount account) {
    Frame frame = stream[head];
    int unread = frame.committed - frame.readEntries;
    stream[head] = null;
    head = head + 1 == slots ? 0 : head + 1;
    inStream--;
    account.overrun += unread;
    account.bytes -= frame.used - frame.readBytes;
    if (unread > 0 || frame.open > 0) {
      account.pagesLost++;
    } else {
      account.pagesRead++;
    }
    if (frame.open > 0) {
      frame.state = State.PARKED;
      parked++;
      incomplete--;
    } else {
      frame.state = State.FREE;
      free[freeCount++] = frame;
    }
  }

  /** The oldest page, in which nothing is left to read, leaves the stream and becomes free. */
  void dropFirst(CpuAccount account) {
    Frame frame = stream[head];
    stream[head] = null;
    head = head + 1 == slots ? 0 : head + 1;
    inStream--;
    account.pagesRead++;
    account.bytes -= frame.used - frame.readBytes;
    frame.state = State.FREE;
    free[freeCount++] = frame;
  }

  /**
   * The oldest page, which the writers have left, goes to a reader as a copy without the events
   * still open on it; its frame is parked until they are finished.
   */
  void passFirst(CpuAccount account) {
    Frame frame = stream[head];
    stream[head] = null;
    head = head + 1 == slots ? 0 : head + 1;
    inStream--;
    account.pagesRead++;
    account.read += frame.committed - frame.readEntries;
    account.bytes -= frame.used - frame.readBytes;
    frame.state = State.PARKED;
    parked++;
    incomplete--;
  }

  // ---- pages that readers hold

  boolean maySpare() {
    return held < spares;
  }

  /** The oldest page goes to a reader, with the losses before it. Only if {@link #maySpare}. */
  void holdFirst(CpuAccount account, long missed) {
    Frame frame = stream[head];
    stream[head] = null;
    head = head + 1 == slots ? 0 : head + 1;
    inStream--;
    account.pagesRead++;
    account.read += frame.committed - frame.readEntries;
    account.bytes -= frame.used - frame.readBytes;
    account.told += missed;
    frame.state = State.HELD;
    held++;
  }

  /** A free frame goes to a reader, for a copy. Only if {@link #maySpare}. */
  Frame holdFree() {
    if (freeCount == 0) {
      throw noFreePage();
    }
    Frame frame = free[--freeCount];
    frame.state = State.HELD;
    held++;
    return frame;
  }

  /** A reader gives a frame back. */
  void unhold(Frame frame) {
    held--;
    frame.state = State.FREE;
    free[freeCount++] = frame;
  }

  private IllegalStateException noFreePage() {
    return new IllegalStateException(
        "no free page: " + inStream + " in the stream, " + parked + " parked, " + held + " held");
  }

  // ---- uncommitted records

  /** The bit of a record; its low bits are the position in the word of {@link #uncommitted}. */
  static long bit(Frame frame, int at) {
    return (frame.base + at) / RecordLayout.WORD;
  }

  boolean isUncommitted(Frame frame, int at) {
    long bit = bit(frame, at);
    return (uncommitted[(int) (bit / Long.SIZE)] & 1L << bit) != 0;
  }

  /** Where the first uncommitted record begins, from {@code at} on; there must be one. */
  int firstUncommitted(Frame frame, int at) {
    long bit = bit(frame, at);
    int word = (int) (bit / Long.SIZE);
    long bits = uncommitted[word] & -1L << bit;
    while (bits == 0) {
      bits = uncommitted[++word];
    }
    bit = (long) word * Long.SIZE + Long.numberOfTrailingZeros(bits);
    return (int) (bit * RecordLayout.WORD - frame.base);
  }
}
