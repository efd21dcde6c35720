package org.pagewheel.probes.internal;

import java.lang.foreign.MemorySegment;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counters;
import org.pagewheel.Readers;
import org.pagewheel.RingView;
import org.pagewheel.event.EventFilter;
import org.pagewheel.event.EventSet;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.RingWriter;
import org.pagewheel.spi.WritableBuffer;

/** A buffer from which events are taken back that do not pass a filter, before they are seen. */
final class FilteredBuffer implements WritableBuffer {
  /** A ring that is asked at each commit. */
  private static final class Filtered implements RingWriter {
    private final RingWriter ring;
    private final EventFilter.Check check;

    Filtered(RingWriter ring, EventFilter.Check check) {
      this.ring = ring;
      this.check = check;
    }

    @Override
    public long reserve(int length) {
      return ring.reserve(length);
    }

    @Override
    public MemorySegment memory(long reservation) {
      return ring.memory(reservation);
    }

    @Override
    public void commit(long reservation) {
      if (check.test(ring.memory(reservation), Reservation.offset(reservation))) {
        ring.commit(reservation);
      } else {
        ring.discard(reservation);
      }
    }

    @Override
    public void discard(long reservation) {
      ring.discard(reservation);
    }

    @Override
    public int maxEventSize() {
      return ring.maxEventSize();
    }
  }

  private final WritableBuffer buffer;
  private final EventFilter.Check check;

  /** Of the ring that was met last. All fields of it are final, so it may be seen without order. */
  private Filtered last;

  FilteredBuffer(WritableBuffer buffer, EventFilter.Check check) {
    this.buffer = buffer;
    this.check = check;
  }

  private RingWriter filtered(RingWriter ring) {
    Filtered known = last;
    if (known == null || known.ring != ring) {
      known = new Filtered(ring, check);
      last = known;
    }
    return known;
  }

  @Override
  public RingWriter writer() {
    return filtered(buffer.writer());
  }

  @Override
  public RingWriter successor(RingWriter sealed) {
    return filtered(buffer.successor(((Filtered) sealed).ring));
  }

  @Override
  public long eventBit() {
    return buffer.eventBit();
  }

  @Override
  public String name() {
    return buffer.name();
  }

  @Override
  public BufferConfig config() {
    return buffer.config();
  }

  @Override
  public boolean write(byte[] payload) {
    return buffer.write(payload);
  }

  @Override
  public boolean mark(String text) {
    return buffer.mark(text);
  }

  @Override
  public EventSet events() {
    return buffer.events();
  }

  @Override
  public boolean isOn() {
    return buffer.isOn();
  }

  @Override
  public void on() {
    buffer.on();
  }

  @Override
  public void off() {
    buffer.off();
  }

  @Override
  public Readers readers() {
    return buffer.readers();
  }

  @Override
  public Counters counters(int cpu) {
    return buffer.counters(cpu);
  }

  @Override
  public Counters counters() {
    return buffer.counters();
  }

  @Override
  public RingView view(int cpu) {
    return buffer.view(cpu);
  }

  @Override
  public boolean isClosed() {
    return buffer.isClosed();
  }

  @Override
  public void close() {
    buffer.close();
  }
}
