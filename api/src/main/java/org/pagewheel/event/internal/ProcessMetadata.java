package org.pagewheel.event.internal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;

/** The metadata of this Java process. */
public enum ProcessMetadata implements Metadata {
  /** The only one. */
  INSTANCE;

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  @Override
  public List<EventFormat> formats() {
    return EventRegistry.PROCESS.formats();
  }

  @Override
  public int formatCount() {
    return EventRegistry.PROCESS.formatCount();
  }

  @Override
  public Map<Integer, String> threadNames() {
    return ThreadNames.PROCESS.names();
  }

  @Override
  public Map<Long, String> symbols() {
    return SymbolNames.PROCESS.names();
  }

  @Override
  public Runnable watch(Listener listener) {
    listeners.add(
        listener); // before it gets what is known: what becomes known meanwhile it gets twice
    Metadata.super.watch(listener);
    return () -> listeners.remove(listener);
  }

  void tell(EventFormat format) {
    for (Listener listener : listeners) {
      listener.format(format);
    }
  }

  void tell(int pid, String name) {
    for (Listener listener : listeners) {
      listener.threadName(pid, name);
    }
  }

  void tell(long address, String name) {
    for (Listener listener : listeners) {
      listener.symbol(address, name);
    }
  }
}
