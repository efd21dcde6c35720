package org.pagewheel.analysis;

/** A time in which a thread was blocked. */
final class Block {
  static final int NOBODY = -1;

  final long begin;

  /** The kernel's letter: S, D, T, t, P or I; ? where the events of its begin are lost. */
  final char state;

  /** The trace and type of the thread's last event before it; −1 if there is none. */
  final int after;

  /** Without what pauses of the JVM took. */
  long length;

  /** The kernel's stack, as its event has it; empty if there is none. */
  byte[] stack = {};

  /** The trace of the stack. */
  int stackTrace;

  /** Who woke it; {@link #NOBODY} if that is not known. */
  int waker = NOBODY;

  /** Whether an interrupt did: the waker is only the thread that it interrupted. */
  boolean isInterrupt;

  Block(long begin, char state, int after) {
    this.begin = begin;
    this.state = state;
    this.after = after;
  }
}
