package org.pagewheel.event;

import org.pagewheel.BufferConfig;
import org.pagewheel.Counters;
import org.pagewheel.Readers;
import org.pagewheel.RingView;
import org.pagewheel.spi.Marks;
import org.pagewheel.spi.OwnedEventSet;
import org.pagewheel.spi.RingWriter;
import org.pagewheel.spi.WritableBuffer;

/** The writer's side of a buffer over {@link PageRing}s, for the tests of events. */
class PageBuffer implements WritableBuffer {
  private final OwnedEventSet events = OwnedEventSet.open();
  private final long bit = events.bit();
  private volatile RingWriter ring;

  PageBuffer(RingWriter ring) {
    this.ring = ring;
  }

  static PageBuffer of(int pages) {
    return new PageBuffer(new PageRing(pages));
  }

  PageRing pageRing() {
    return (PageRing) ring;
  }

  void replace(RingWriter next) {
    ring = next;
  }

  @Override
  public RingWriter writer() {
    return ring;
  }

  @Override
  public RingWriter successor(RingWriter sealed) {
    return ring;
  }

  @Override
  public long eventBit() {
    return bit;
  }

  @Override
  public EventSet events() {
    return events.view();
  }

  @Override
  public boolean mark(String text) {
    return Marks.write(this, text);
  }

  @Override
  public void close() {
    events.close();
  }

  @Override
  public String name() {
    return "events";
  }

  @Override
  public BufferConfig config() {
    return BufferConfig.of(name(), "pages");
  }

  @Override
  public boolean isOn() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return false;
  }

  @Override
  public void on() {}

  @Override
  public void off() {
    throw onlyWriting();
  }

  @Override
  public boolean write(byte[] payload) {
    throw onlyWriting();
  }

  @Override
  public Readers readers() {
    throw onlyWriting();
  }

  @Override
  public Counters counters(int cpu) {
    throw onlyWriting();
  }

  @Override
  public Counters counters() {
    throw onlyWriting();
  }

  @Override
  public RingView view(int cpu) {
    throw onlyWriting();
  }

  private static UnsupportedOperationException onlyWriting() {
    return new UnsupportedOperationException("this buffer is only written");
  }
}
