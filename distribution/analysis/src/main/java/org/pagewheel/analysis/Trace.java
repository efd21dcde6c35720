package org.pagewheel.analysis;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageFormat;

/** The subject of questions: a file's events, and what is needed to read them. */
public interface Trace extends Closeable {
  /**
   * The name, for messages.
   *
   * @return such as the path of a file
   */
  String name();

  /**
   * The streams of events.
   *
   * @return in the order of buffers and CPUs; a lane may be empty
   */
  List<Lane> lanes();

  /**
   * The types of the events.
   *
   * @return of two with the same id the later one counts
   */
  Collection<EventFormat> formats();

  /**
   * The names of the threads.
   *
   * @return by the value of {@code common_pid}
   */
  Map<Integer, String> threadNames();

  /**
   * How numbers are written in the events.
   *
   * @return a format of any page size
   */
  PageFormat pageFormat();

  /**
   * The addresses of functions.
   *
   * @return lines of {@code kallsyms}, may be empty
   */
  default String kallsyms() {
    return "";
  }

  /**
   * The clock of the times.
   *
   * @return its name; empty if unknown, and then times are nanoseconds
   */
  String clock();

  /**
   * Whether shown times are nanoseconds.
   *
   * @return false where they count something else, such as events
   */
  default boolean isNanos() {
    return Clocks.isNanos(clock());
  }

  /**
   * A time as it is shown, with the trace's own offset added.
   *
   * @param time a time of an event
   * @return a time that can be compared with those of other traces of the same clock
   */
  default long shownTime(long time) {
    return time;
  }

  /**
   * The difference between shown times and the time of day.
   *
   * @return nanoseconds to add to a shown time for those since 1970; empty if unknown
   */
  OptionalLong wallOffset();

  /**
   * The process whose threads wrote the events.
   *
   * @return its number; empty if unknown, or there are several
   */
  default OptionalInt process() {
    return OptionalInt.empty();
  }

  /**
   * The machine that recorded.
   *
   * @return its name; empty if unknown
   */
  default Optional<String> host() {
    return Optional.empty();
  }

  /**
   * What a CPU lost for one cause, by the account of its ring.
   *
   * @param buffer the name of an instance; empty for the top buffer
   * @param cpu the CPU
   * @param cause in words, such as {@code overwritten}
   * @param events how many, more than 0
   * @param isRefused whether they never entered the ring: then no gap in the pages represents them
   */
  record Lost(String buffer, int cpu, String cause, long events, boolean isRefused) {}

  /**
   * The losses, if the trace has an account of its rings.
   *
   * @return by CPU and cause; empty if there is no account, or nothing in it
   */
  default List<Lost> losses() {
    return List.of();
  }

  /**
   * How many events the rings refused. Pages say nothing of them.
   *
   * @return 0 if there were none, or there is no account
   */
  default long refused() {
    return losses().stream().filter(Lost::isRefused).mapToLong(Lost::events).sum();
  }

  /**
   * Problems of the trace that do not prevent reading it.
   *
   * @return one line each
   */
  default List<String> warnings() {
    return List.of();
  }

  /**
   * The order of the bytes in the events.
   *
   * @return that of {@link #pageFormat}
   */
  default ByteOrder order() {
    return pageFormat().order();
  }

  @Override
  void close() throws IOException;
}
