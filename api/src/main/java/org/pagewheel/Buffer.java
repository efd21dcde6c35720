package org.pagewheel;

import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.pagewheel.event.EventSet;

/**
 * A named buffer: what an application writes events to, whatever ring it has at the moment.
 *
 * <p>Typed events are written through {@link org.pagewheel.event.EventType#record}, text through
 * {@link #mark}, raw bytes through {@link #write}. All of them may be called by any thread at any
 * time; they never block, and after {@link #close} they do nothing. A {@link StackOverflowError} or
 * {@link OutOfMemoryError} may come out of them as out of any method; the event is not written
 * then, and the buffer goes on.
 */
@ProviderType
public interface Buffer extends AutoCloseable {
  /**
   * The buffer's name.
   *
   * @return lower-case letters, digits, {@code -} and {@code _}
   */
  String name();

  /**
   * How the buffer was made, with every default filled in.
   *
   * @return the configuration in force
   */
  BufferConfig config();

  /**
   * Writes an event whose bytes exist already.
   *
   * @param payload the event's bytes, common fields included; copied
   * @return whether it was written; if not, the cause is counted
   */
  boolean write(byte[] payload);

  /**
   * Writes text, as the kernel's {@code trace_marker} does; tools show it as the event {@code
   * print}.
   *
   * @param text at most the page size less 41 bytes of UTF-8 are kept
   * @return whether it was written; if not, the cause is counted
   */
  boolean mark(String text);

  /**
   * Which event types this buffer records: a view, which ends with the buffer.
   *
   * @return the same instance all the time
   */
  EventSet events();

  /**
   * Whether events are recorded.
   *
   * @return false after {@link #off}, while a {@link #pause} is open, while no CPU is {@link
   *     #recordOn chosen}, after an error of the buffer's own, and once closed
   */
  boolean isOn();

  /** Turns recording on; while a {@link #pause} is open, from the end of the last one on. */
  void on();

  /** Turns recording off: every event is refused and counted as disabled. What it holds stays. */
  void off();

  /**
   * The same, and notes who does it.
   *
   * @param by for people, such as {@code ring:off}, see {@link #offReason}
   */
  default void off(String by) {
    off();
  }

  /**
   * Stops recording until the pause is closed, whatever other threads do. While {@link #on} and
   * {@link #off} are one switch, pauses nest: the buffer records when its switch is on and no pause
   * is open, as the kernel's ring buffer does with {@code tracing_on} and {@code record_disabled}.
   * The events refused count as disabled; those reserved before can still be committed. A pause
   * outlasts changes of the ring.
   *
   * <pre>{@code
   * try (Pause pause = buffer.pause("the health check")) {
   *   // no event is recorded here
   * }
   * }</pre>
   *
   * <p>By any thread. Costs writers nothing; waits for a change of the ring that is under way,
   * never for writers or readers.
   *
   * @param by for people, see {@link #offReason}
   * @return to be closed by whoever paused; a full stack or heap may come out instead, and then
   *     nothing has changed
   * @throws UnsupportedOperationException if this kind of buffer cannot pause; those of {@link
   *     Buffers} can
   */
  default Pause pause(String by) {
    throw new UnsupportedOperationException("buffer " + name() + " cannot pause");
  }

  /**
   * Chooses the CPUs to record on: the kernel's {@code tracing_cpumask}. Beside the switch and
   * pauses, and it outlasts changes of the ring as they do. On the other CPUs events are refused
   * and counted as disabled. A CPU is a stream of the ring, see {@link BufferConfig#cpuNumber}. By
   * any thread. Costs writers nothing while all CPUs are chosen.
   *
   * @param cpus from 0 to {@link Readers#cpus} − 1; copied
   * @throws IllegalArgumentException if there is no such CPU, or the ring's backend records on all
   *     CPUs or on none; nothing has changed then
   * @throws UnsupportedOperationException if this kind of buffer cannot choose; those of {@link
   *     Buffers} can
   */
  default void recordOn(BitSet cpus) {
    throw new UnsupportedOperationException("buffer " + name() + " records on all CPUs");
  }

  /**
   * Turns recording on one CPU on or off, see {@link #recordOn}: the kernel's {@code
   * record_disabled} of a CPU.
   *
   * @param cpu from 0 to {@link Readers#cpus} − 1
   * @param on whether to record on it
   * @throws IllegalArgumentException as {@link #recordOn} does
   * @throws UnsupportedOperationException likewise
   */
  default void recordOn(int cpu, boolean on) {
    throw new UnsupportedOperationException("buffer " + name() + " records on all CPUs");
  }

  /**
   * The CPUs that are recorded on while the buffer {@link #isOn records}.
   *
   * @return a copy; all unless some were chosen
   */
  default BitSet recordedCpus() {
    BitSet all = new BitSet();
    all.set(0, readers().cpus());
    return all;
  }

  /**
   * Whether those who use the buffer want it to record, or what keeps it from that.
   *
   * @return for programs what {@link #offReason} is for people
   */
  default RecordingState recording() {
    return isOn() ? RecordingState.ON : RecordingState.OFF;
  }

  /**
   * Who has turned recording off or paused it, and when.
   *
   * @return one line, such as {@code off by trigger shop:order since 14:03:07} or, while it is not
   *     off, {@code paused by the health check since 14:03:07}: of several pauses, the oldest;
   *     empty while nobody has
   */
  default Optional<String> offReason() {
    return Optional.empty();
  }

  /**
   * The readers of this buffer, which go on over a change of the ring: a view, which ends with the
   * buffer.
   *
   * @return the same instance all the time
   */
  Readers readers();

  /**
   * Drops what is unread and begins the account anew, while writers write: the kernel's reset of a
   * buffer, {@code echo > trace}. The ring is replaced by an empty one of the same settings, so for
   * a moment there is memory for both. Everything else stays: whether it records and who paused it,
   * consumers, triggers, event types, open readers. What is dropped is no loss and is not reported
   * as missed; {@link #totals} has it as {@link Counter#CLEARED}.
   *
   * <p>An event belongs to the ring in which its room was reserved. So one that was being written
   * goes with the old ring, and counts in {@link #totals} alone. Pages that consumers or readers
   * have taken are theirs; what a reader by event has left of its page is dropped.
   *
   * <p>By any thread. Waits for a change of the ring that is under way and for readers that are
   * taking a page, never for writers. Does nothing once the buffer is closed. A full stack or heap
   * may come out, and then it is done or nothing is dropped.
   *
   * @throws IOException if the new ring cannot be made; nothing has changed then
   * @throws UnsupportedOperationException if this kind of buffer cannot be cleared; those of {@link
   *     Buffers} can
   */
  default void clear() throws IOException {
    throw new UnsupportedOperationException("buffer " + name() + " cannot be cleared");
  }

  /**
   * The account of one CPU, over all rings that the buffer has had since it was made or {@link
   * #clear cleared}.
   *
   * @param cpu from 0 to {@link Readers#cpus} − 1
   * @return a snapshot
   */
  Counters counters(int cpu);

  /**
   * The account of all CPUs since the buffer was made or {@link #clear cleared}.
   *
   * @return the sum over the CPUs
   */
  Counters counters();

  /**
   * The account of one CPU since the buffer was made, whatever has been {@link #clear cleared}: for
   * metrics, whose totals must not fall.
   *
   * @param cpu from 0 to {@link Readers#cpus} − 1
   * @return a snapshot; the same as {@link #counters(int)} if nothing was ever cleared
   */
  default Counters totals(int cpu) {
    return counters(cpu);
  }

  /**
   * The same of all CPUs.
   *
   * @return the sum over the CPUs
   */
  default Counters totals() {
    return counters();
  }

  /**
   * How one CPU's ring looks.
   *
   * @param cpu from 0 to {@link Readers#cpus} − 1
   * @return a picture for monitoring
   */
  RingView view(int cpu);

  /**
   * Whether {@link #close} has been called.
   *
   * @return true from then on
   */
  boolean isClosed();

  /**
   * Stops recording, lets consumers take what is there, and frees the memory once the last page
   * held is released. Waiting readers wake up. Does nothing the second time.
   */
  @Override
  void close();
}
