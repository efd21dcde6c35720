package org.pagewheel.consumer.stats.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.CpuNumber;
import org.pagewheel.Readers;
import org.pagewheel.RingView;
import org.pagewheel.RingWriter;
import org.pagewheel.backend.heap.internal.HeapBackend;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.EventSet;
import org.pagewheel.event.Metadata;
import org.pagewheel.spi.ConsumerAccount;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * What a consumer is given: a buffer whose losses are made up, and whose ring takes what the
 * consumer writes.
 */
final class TestContext implements ConsumerContext, Metadata {
  final Map<String, String> settings = new HashMap<>();
  volatile long time;
  volatile boolean on = true;
  volatile String name = "main";
  volatile List<ConsumerAccount> accounts =
      List.of(
          new ConsumerAccount("a \"b\" \\c", "splice", Map.of("dir", "/"), 9, 0, 1, 64, false, ""));

  private final EventSet events = EventSet.open();
  private final Ring ring;
  private volatile Counters counters = Counters.ZERO;

  TestContext() {
    BufferConfig config = BufferConfig.of("main", "heap").withClock(1, Clock.MONO, () -> 0);
    try {
      ring = new HeapBackend().open(RingConfig.of(config));
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  /** CPU 1 loses. */
  void lose(long overrun, long commitOverrun, long dropped, long disabled, long tooLong) {
    counters =
        new Counters(
            100,
            50,
            overrun,
            commitOverrun,
            dropped,
            disabled,
            tooLong,
            0,
            0,
            0,
            0,
            0,
            0,
            Counters.NONE);
  }

  long writtenEvents() {
    return ring.counters(0).written();
  }

  @Override
  public String name() {
    return "stats";
  }

  @Override
  public Metadata metadata() {
    return this;
  }

  @Override
  public Map<String, String> settings() {
    return settings;
  }

  @Override
  public List<ConsumerAccount> consumers() {
    return accounts;
  }

  @Override
  public void report(String problem) {
    throw new AssertionError(problem);
  }

  @Override
  public List<EventFormat> formats() {
    return List.of(TestPages.TICK);
  }

  @Override
  public Map<Integer, String> threadNames() {
    return Map.of();
  }

  @Override
  public Buffer buffer() {
    return new TestBuffer();
  }

  private final class TestBuffer implements Buffer {
    private static UnsupportedOperationException notForConsumers() {
      return new UnsupportedOperationException("not for consumers");
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public BufferConfig config() {
      Clock clock =
          new Clock() {
            @Override
            public String name() {
              return "mono";
            }

            @Override
            public long now() {
              return time;
            }
          };
      return BufferConfig.of(name, "heap").withClock(2, clock, CpuNumber.system());
    }

    @Override
    public Counters counters(int cpu) {
      return cpu == 1 ? counters : Counters.ZERO;
    }

    @Override
    public Counters counters() {
      return counters;
    }

    @Override
    public RingWriter writer() {
      return ring;
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
      return events;
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
      throw notForConsumers();
    }
  }
}
