package org.pagewheel.consumer.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.CpuNumber;
import org.pagewheel.Readers;
import org.pagewheel.RingView;
import org.pagewheel.event.EventSet;
import org.pagewheel.spi.OwnedEventSet;
import org.pagewheel.spi.RingWriter;
import org.pagewheel.spi.WritableBuffer;

/**
 * A buffer of which only the configuration and counters are used, as the test has set them, and a
 * ring for what a consumer writes itself.
 */
public final class GivenBuffer implements WritableBuffer {
  private volatile OwnedEventSet events;
  private volatile BufferConfig config;
  private volatile List<Counters> counters;
  private volatile RingWriter writer;
  private volatile boolean on = true;

  GivenBuffer(String name, int cpus, int pageSize) {
    config =
        BufferConfig.of(name, "heap")
            .withPages(2, pageSize)
            .withClock(cpus, Clock.MONO, CpuNumber.system());
    counters = Collections.nCopies(cpus, Counters.ZERO);
  }

  /** It has another configuration from now on. */
  public void config(BufferConfig now) {
    config = now;
  }

  /** Its pages are of another size from now on. */
  public void pageSize(int pageSize) {
    config = config.withPages(2, pageSize);
  }

  /** A CPU counts so from now on. */
  public void counters(int cpu, Counters now) {
    List<Counters> all = new ArrayList<>(counters);
    all.set(cpu, now);
    counters = List.copyOf(all);
  }

  /** Takes what the consumer writes; without one it may write nothing. */
  public void writer(RingWriter to) {
    events = OwnedEventSet.open();
    writer = to;
  }

  /** It records from now on, or not. */
  public void on(boolean now) {
    on = now;
  }

  private static UnsupportedOperationException notForConsumers() {
    return new UnsupportedOperationException("not for consumers");
  }

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public BufferConfig config() {
    return config;
  }

  @Override
  public Counters counters(int cpu) {
    return counters.get(cpu);
  }

  @Override
  public Counters counters() {
    return counters.stream().reduce(Counters.ZERO, Counters::plus);
  }

  @Override
  public RingWriter writer() {
    if (writer == null) {
      throw notForConsumers();
    }
    return writer;
  }

  @Override
  public RingWriter successor(RingWriter sealed) {
    throw notForConsumers();
  }

  @Override
  public boolean write(byte[] payload) {
    throw notForConsumers();
  }

  @Override
  public boolean mark(String text) {
    throw notForConsumers();
  }

  @Override
  public long eventBit() {
    return events.bit();
  }

  @Override
  public EventSet events() {
    return events.view();
  }

  @Override
  public boolean isOn() {
    return on;
  }

  @Override
  public void on() {
    throw notForConsumers();
  }

  @Override
  public void off() {
    throw notForConsumers();
  }

  @Override
  public Readers readers() {
    throw notForConsumers();
  }

  @Override
  public RingView view(int cpu) {
    throw notForConsumers();
  }

  @Override
  public boolean isClosed() {
    return false;
  }

  @Override
  public void close() {
    if (events != null) {
      events.close();
    }
  }
}
