package org.pagewheel.spi;

import java.lang.foreign.MemorySegment;
import org.pagewheel.EventReader;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventDecoder;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.DamagedPageException;

/** Merges the events of several CPUs by time. */
final class MergedEvents implements EventReader {
  private final CpuEvents[] streams;
  private final Runnable onClose;
  private final Metadata metadata;
  private EventDecoder decoder;
  private CpuEvents current;
  private long missed;
  private boolean closed;

  MergedEvents(CpuEvents[] streams, Metadata metadata, Runnable onClose) {
    this.streams = streams;
    this.metadata = metadata;
    this.onClose = onClose;
  }

  @Override
  public boolean next() throws DamagedPageException {
    if (closed) {
      throw new IllegalStateException("the reader is closed");
    }
    CpuEvents first;
    do {
      first = oldest();
      current = first;
    } while (first != null && first.dropIfCleared());
    if (first == null) {
      return false;
    }
    missed = first.take();
    return true;
  }

  /** Of the streams that are at an event, the one with the oldest event; or null. */
  private CpuEvents oldest() throws DamagedPageException {
    CpuEvents first = null;
    for (CpuEvents stream : streams) {
      if (stream.peek() && (first == null || stream.cursor.time() < first.cursor.time())) {
        first = stream;
      }
    }
    return first;
  }

  private CpuEvents current() {
    if (current == null) {
      throw new IllegalStateException("there is no event now: next() has not returned true");
    }
    return current;
  }

  @Override
  public int cpu() {
    return current().cpu;
  }

  @Override
  public long time() {
    return current().cursor.time();
  }

  @Override
  public MemorySegment payload() {
    return current().cursor.payload();
  }

  @Override
  public Event event() {
    if (decoder == null) {
      decoder = new EventDecoder(metadata);
    }
    return decoder.event(current().cursor, current.cpu);
  }

  @Override
  public long missed() {
    return missed;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      onClose.run();
    }
  }
}
