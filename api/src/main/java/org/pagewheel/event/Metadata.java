package org.pagewheel.event;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;
import org.pagewheel.event.internal.ProcessMetadata;

/**
 * What goes into a trace file beside the pages. Grows while events are recorded: to be asked again
 * when a file is finished.
 */
@ConsumerType
public interface Metadata {
  /**
   * The formats of all event types known by now.
   *
   * @return a copy, by id
   */
  List<EventFormat> formats();

  /**
   * How many formats there are, to find out cheaply whether {@link #formats} has more by now.
   *
   * @return the size of {@link #formats}
   */
  default int formatCount() {
    return formats().size();
  }

  /**
   * The names of threads that have written events, by the number in {@code common_pid}.
   *
   * @return a copy
   */
  Map<Integer, String> threadNames();

  /**
   * The names of addresses in events, such as those of methods.
   *
   * @return a copy, by address; empty where events hold none
   */
  default Map<Long, String> symbols() {
    return Map.of();
  }

  /**
   * Called with what goes into trace files as it becomes known: with an event type before its first
   * event can be written, with a thread at its first event, on the thread that defines or writes.
   * May be called with the same again. Must be quick, and must not throw.
   */
  @ConsumerType
  interface Listener {
    /**
     * An event type is known.
     *
     * @param format its format
     */
    void format(EventFormat format);

    /**
     * A thread is known.
     *
     * @param pid its number in {@code common_pid}
     * @param name its name now
     */
    void threadName(int pid, String name);

    /**
     * A symbol is known.
     *
     * @param address the lowest address of those that are named so
     * @param name its name, without white space and control characters
     */
    default void symbol(long address, String name) {}
  }

  /**
   * Tells a listener what is known now and, until the result is run, what becomes known.
   *
   * @param listener held until then
   * @return to be run to end it; may be run twice
   */
  default Runnable watch(Listener listener) {
    formats().forEach(listener::format);
    threadNames().forEach(listener::threadName);
    symbols().forEach(listener::symbol);
    return () -> {};
  }

  /**
   * The metadata of the events and threads of this Java process.
   *
   * @return the same instance at every call
   */
  static Metadata process() {
    return ProcessMetadata.INSTANCE;
  }
}
