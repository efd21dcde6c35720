package org.pagewheel.junit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.pagewheel.Buffer;
import org.pagewheel.Buffers;
import org.pagewheel.Counters;
import org.pagewheel.EventReader;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventType;
import org.pagewheel.format.DamagedPageException;

/**
 * The events of one test. Its lists are as of the moment of the call, ordered by time; they do not
 * change, and reading consumes nothing. Any thread may use it.
 *
 * <p>A list is always complete: if events were lost, because the ring was full or another reader
 * consumed them, {@link IllegalStateException} says how many and what helps.
 */
public final class Recording {
  private final Buffers buffers;
  private final Buffer buffer;

  Recording(Buffers buffers, Buffer buffer) {
    this.buffers = buffers;
    this.buffer = buffer;
  }

  /**
   * The buffer for the code under test.
   *
   * @return the buffer of this test alone; open until the test has ended
   */
  public Buffer buffer() {
    return buffer;
  }

  /**
   * The buffer, for code under test that asks {@link Buffers} for it by name.
   *
   * @return the buffers of all tests that run now
   */
  public Buffers buffers() {
    return buffers;
  }

  /**
   * All events, marks included.
   *
   * @return the oldest first
   */
  public List<RecordedEvent> events() {
    return read(event -> true, RecordedEvent::of);
  }

  /**
   * The events of one type, as the records that were written.
   *
   * @param <R> the record
   * @param type the type
   * @return the oldest first, as {@link EventType#read} makes them
   */
  public <R extends Record> List<R> events(EventType<R> type) {
    return read(type::is, type::read);
  }

  /**
   * The texts of {@link Buffer#mark}.
   *
   * @return the oldest first
   */
  public List<String> marks() {
    return read(event -> event.is("ftrace", "print"), event -> event.getString("buf"));
  }

  /**
   * Saves the events now, at any point of the test.
   *
   * @param file where to, a trace.dat file; an existing one is replaced
   * @return how many events were written
   * @throws IOException if the file cannot be written
   */
  public long save(Path file) throws IOException {
    return buffers.save(file, buffer.name());
  }

  private <T> List<T> read(Predicate<Event> wanted, Function<Event, T> value) {
    List<T> values = new ArrayList<>();
    try (EventReader reader = buffer.readers().iterate()) {
      while (reader.next()) {
        Event event = reader.event();
        if (wanted.test(event)) {
          values.add(value.apply(event));
        }
      }
    } catch (DamagedPageException e) {
      throw new IllegalStateException("the test's buffer is damaged: " + e.getMessage(), e);
    }
    checkComplete(); // last, so that it covers all events that were read
    return List.copyOf(values);
  }

  private void checkComplete() {
    Counters counters = buffer.counters();
    long lost = counters.refused() - counters.disabled() + counters.overrun();
    if (lost > 0) {
      throw new IllegalStateException(
          "%,d events of this test were lost, most likely because its buffer has only %,d pages for"
                  .formatted(lost, buffer.config().pages())
              + " each CPU: @RecordEvents(\"pages = 4096\") or so on the test gives it more ("
              + counters
              + ")");
    }
    if (counters.read() > 0) {
      throw new IllegalStateException(
          "%,d events of this test were consumed by a reader: read with readers().iterate() instead"
              .formatted(counters.read()));
    }
  }
}
