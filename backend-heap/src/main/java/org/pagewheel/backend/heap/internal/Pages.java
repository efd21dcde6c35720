package org.pagewheel.backend.heap.internal;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.pagewheel.backend.heap.internal.Frame.State;
import org.pagewheel.format.RecordLayout;

/**
 * The memory of one CPU: its frames, those in the stream by order of sequence, the free ones, and a
 * bit for each uncommitted record. Guarded by the lock of its CPU.
 */
final class Pages {
  // Invariants:
  // P1  inStream + parked <= slots
  // P2  held <= spares
  // P3  inStream + parked + held + free = slots + spares,
  //     so with P2 a free frame is there whenever the stream has room
  // P4  sequences in the stream have no gaps: frames leave it at the head only
  // P5  one bit for each 4 bytes of memory tells whether an uncommitted record begins there
  //     (3.1 % of the memory); a list of the open reservations would have no bound but this one

  final MemorySegment memory;
  final int slots;
  final int spares;
  private final int pageShift;
  private final Frame[] frames;
  private final Frame[] free;
  private final Frame[] stream;
  private final long[] uncommitted;
  private int freeCount;
  private int head;
  private int inStream;
  private int parked;
  private int held;
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

  /** The bytes that a CPU will need, but for a few words for each page. */
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

  /** Puts a free frame behind the last one. Only if there {@link #hasRoom is room}. */
  Frame addLast() {
    Frame frame = takeFree();
    frame.open(nextSequence++);
    stream[slot(inStream++)] = frame;
    return frame;
  }

  private Frame removeFirst() {
    Frame frame = stream[head];
    stream[head] = null;
    head = slot(1);
    inStream--;
    return frame;
  }

  /** The oldest page leaves the stream and becomes free. */
  void freeFirst() {
    addFree(removeFirst());
  }

  /** The oldest page leaves the stream and is kept until its reservations are finished. */
  void parkFirst() {
    removeFirst().state = State.PARKED;
    parked++;
  }

  /** The last reservation in a parked frame is finished. */
  void unpark(Frame frame) {
    parked--;
    addFree(frame);
  }

  // ---- pages that readers hold

  boolean maySpare() {
    return held < spares;
  }

  /** The oldest page goes to a reader. Only if it {@link #maySpare may}. */
  Frame holdFirst() {
    return hold(removeFirst());
  }

  /** A free frame goes to a reader, for a copy. Only if it {@link #maySpare may}. */
  Frame holdFree() {
    return hold(takeFree());
  }

  private Frame hold(Frame frame) {
    frame.state = State.HELD;
    held++;
    return frame;
  }

  /** A reader gives a frame back. */
  void unhold(Frame frame) {
    held--;
    addFree(frame);
  }

  int held() {
    return held;
  }

  int parked() {
    return parked;
  }

  private Frame takeFree() {
    if (freeCount == 0) {
      throw new IllegalStateException(
          "no free page: " + inStream + " in the stream, " + parked + " parked, " + held + " held");
    }
    return free[--freeCount];
  }

  private void addFree(Frame frame) {
    frame.state = State.FREE;
    free[freeCount++] = frame;
  }

  // ---- uncommitted records

  void markUncommitted(Frame frame, int at) {
    long bit = bit(frame, at);
    uncommitted[(int) (bit / Long.SIZE)] |= 1L << bit;
  }

  /** Returns whether it was marked. */
  boolean clearUncommitted(Frame frame, int at) {
    long bit = bit(frame, at);
    int word = (int) (bit / Long.SIZE);
    boolean marked = (uncommitted[word] & 1L << bit) != 0;
    uncommitted[word] &= ~(1L << bit);
    return marked;
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

  private static long bit(Frame frame, int at) {
    return (frame.base + at) / RecordLayout.WORD;
  }
}
