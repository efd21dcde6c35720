package org.pagewheel.consumer.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.spi.ConsumerAccount;
import org.pagewheel.spi.ConsumerContext;

/** What a consumer is given, with metadata that grows as the test says. */
public final class GivenContext implements ConsumerContext, Metadata {
  private final List<String> reports = new ArrayList<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final List<EventFormat> formats = new ArrayList<>(List.of(TickPages.TICK));
  private final Map<Integer, String> threads = new TreeMap<>(Map.of(TickPages.PID, "worker"));
  private final Map<String, String> settings;
  private final GivenBuffer buffer;
  private volatile List<ConsumerAccount> accounts = List.of();
  private long lost;

  /** With a buffer {@code main} of so many CPUs, and the settings of the consumer. */
  public GivenContext(int cpus, int pageSize, Map<String, String> settings) {
    this("main", cpus, pageSize, settings);
  }

  /** With a buffer of this name. */
  public GivenContext(String name, int cpus, int pageSize, Map<String, String> settings) {
    this.settings = settings;
    this.buffer = new GivenBuffer(name, cpus, pageSize);
  }

  /** A type becomes known. */
  public void tell(EventFormat format) {
    synchronized (this) {
      formats.add(format);
    }
    listeners.forEach(listener -> listener.format(format));
  }

  /** A thread becomes known. */
  public void tell(int pid, String name) {
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

  /** How many want to be told. */
  public int watching() {
    return listeners.size();
  }

  /** All that the consumer has reported, null for the end of trouble. */
  public synchronized List<String> reports() {
    return new ArrayList<>(reports);
  }

  /** How the consumers of the buffer do from now on. */
  public void accounts(List<ConsumerAccount> now) {
    accounts = now;
  }

  @Override
  public List<ConsumerAccount> consumers() {
    return accounts;
  }

  @Override
  public String name() {
    return "given";
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
  public synchronized void lost(long events) {
    lost += events;
  }

  /** Events that the consumer has lost of pages it had accepted. */
  public synchronized long lost() {
    return lost;
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
  public GivenBuffer buffer() {
    return buffer;
  }
}
