package org.pagewheel.shell.internal.demo;

import java.util.concurrent.atomic.LongAdder;
import org.pagewheel.Buffer;

/** Where the exchange's events go, and how many were written and how many refused. */
final class Recorder {
  private final Buffer buffer;
  private final LongAdder written = new LongAdder();
  private final LongAdder refused = new LongAdder();

  Recorder(Buffer buffer) {
    this.buffer = buffer;
  }

  Buffer buffer() {
    return buffer;
  }

  /** Counts an event as written or refused. */
  void note(boolean accepted) {
    (accepted ? written : refused).increment();
  }

  void mark(String text) {
    note(buffer.mark(text));
  }

  long written() {
    return written.sum();
  }

  long refused() {
    return refused.sum();
  }
}
