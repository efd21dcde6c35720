package org.pagewheel.consumer.network.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.CpuNumber;
import org.pagewheel.Readers;
import org.pagewheel.RingView;
import org.pagewheel.RingWriter;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.EventSet;
import org.pagewheel.event.Metadata;
import org.pagewheel.spi.ConsumerContext;

/**
 * What a consumer is given, with a buffer of which only the configuration and counters are used.
 */
final class TestContext implements ConsumerContext, Metadata {
  private final List<String> reports = new ArrayList<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final List<EventFormat> formats = new ArrayList<>(List.of(TestPages.TICK));
  private final Map<Integer, String> threads = new TreeMap<>(Map.of(TestPages.PID, "worker"));
  private final Map<String, String> settings;
  private BufferConfig config;

  TestContext(int cpus, int pageSize, Map<String, String> settings) {
    this.settings = settings;
    this.config =
        BufferConfig.of("main", "heap")
            .withPages(2, pageSize)
            .withClock(cpus, Clock.MONO, CpuNumber.system());
  }

  /** A type or thread becomes known. */
  void tell(EventFormat format) {
    synchronized (this) {
      formats.add(format);
    }
    listeners.forEach(listener -> listener.format(format));
  }

  void tell(int pid, String name) {
    synchronized (this) {
      threads.put(pid, name);
    }
    listeners.forEach(listener -> listener.threadName(pid, name));
  }

  @Override
  public Runnable watch(Listener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  List<Listener> watching() {
    return listeners;
  }

  synchronized List<String> reported() {
    return new ArrayList<>(reports);
  }

  void pageSize(int pageSize) {
    config = config.withPages(2, pageSize);
  }

  @Override
  public String name() {
    return "net";
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
  public synchronized void report(String problem) {
    reports.add(problem);
  }

  @Override
  public synchronized List<EventFormat> formats() {
    return List.copyOf(formats);
  }

  @Override
  public synchronized int formatCount() {
    return formats.size();
  }

  @Override
  public synchronized Map<Integer, String> threadNames() {
    return new TreeMap<>(threads);
  }

  @Override
  public Buffer buffer() {
    return new ConfigOnly();
  }

  /** The consumer has no business with anything else. */
  private final class ConfigOnly implements Buffer {
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
      return Counters.ZERO;
    }

    @Override
    public Counters counters() {
      return Counters.ZERO;
    }

    @Override
    public RingWriter writer() {
      throw notForConsumers();
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
      throw notForConsumers();
    }

    @Override
    public EventSet events() {
      throw notForConsumers();
    }

    @Override
    public boolean isOn() {
      throw notForConsumers();
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
      throw notForConsumers();
    }

    @Override
    public void close() {
      throw notForConsumers();
    }
  }
}
