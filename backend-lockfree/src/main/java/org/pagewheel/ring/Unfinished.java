package org.pagewheel.ring;

/**
 * What threads could not finish on the ring of one CPU because an error was thrown in the middle,
 * noted for the next thread with room on its stack: see {@link Amends}.
 */
final class Unfinished {
  // A full stack or heap is also full for the clean-up. But an error is only thrown
  // where a method is called or something is allocated; a VarHandle's access is a call, too. So
  // what has to be noted is noted without either, by code that is repeated where it is needed:
  //
  //   } catch (Throwable e) {
  //     synchronized (unfinished) {
  //       int i = unfinished.count;
  //       if (i < Unfinished.MAX) {
  //         unfinished.kinds[i] = …; unfinished.firsts[i] = …; unfinished.seconds[i] = …;
  //         unfinished.count = i + 1;
  //       }
  //     }
  //     throw e;
  //   }
  //
  // Most steps of the protocol need no note: they are those that any other thread does as well, and
  // an error between two of them is a thread that stops there for ever.
  //
  // A writer finishes what it finds before it reserves, on its way to the next page; so there are
  // no more notes than threads that were beyond that point. A note that does not fit is lost: its
  // page stays out of use, like that of a thread that stops for ever.
  //
  // Rejected: undoing at once, in the handler. Undoing needs calls, and if one throws a note is
  // still needed.

  static final int MAX = 64;

  /** A reserved record that no thread will fill: its size, with EXTENDED; its place. */
  static final int RECORD = 1;

  /** To be added to a counter: which; how much. */
  static final int COUNT = 2;

  /** A page of which an event was finished, or that was left: its number. */
  static final int LOOK = 3;

  /** A page that was closed: its sequence; its number and the bytes on it. */
  static final int CLOSED = 4;

  /** A page that is being emptied: the sequence of its slot; the slot word. */
  static final int BUSY = 5;

  /** A page that was given back: its number. */
  static final int RETURNED = 6;

  /** Notes, all guarded by this. Of a RECORD the times are the deltas. */
  final int[] kinds = new int[MAX];

  final long[] firsts = new long[MAX];
  final long[] seconds = new long[MAX];
  final long[] times = new long[MAX];

  /** Guarded by this, and looked at without. */
  volatile int count;

  /** Of the size of a RECORD: it begins with a time extend. */
  static final long EXTENDED = 1L << 32;
}
