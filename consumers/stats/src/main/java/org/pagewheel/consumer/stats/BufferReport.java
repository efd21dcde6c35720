package org.pagewheel.consumer.stats;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.pagewheel.Counter;

/**
 * The state of a buffer and its consumers. Rates are those of the last whole second in which
 * something was recorded, and 0 when nothing is. Pages and event types are counted from the moment
 * at which the stats consumer was attached. What is absent is null, for open types have no {@link
 * java.util.Optional}.
 *
 * @param buffer the buffer's name
 * @param on whether it records
 * @param offReason who turned it off or paused it, and since when; null if it is on or no reason
 *     was given
 * @param eventsPerSecond events that came to the consumer
 * @param bytesPerSecond their bytes, record headers included
 * @param lostPerSecond events refused or overwritten, for any reason except being turned off
 * @param cpus by CPU
 * @param types by event type, most frequent first
 * @param consumers by consumer
 * @param latency from the record of an event to its coming here
 * @param observed latencies that somebody observes on the buffer, such as by {@code ring:latency}
 * @param clockErrorNanos how far the buffer's clock was found from the one it follows, at most, in
 *     the last seconds, in nanoseconds; null for a clock that follows none
 */
public record BufferReport(
    String buffer,
    boolean on,
    String offReason,
    double eventsPerSecond,
    double bytesPerSecond,
    double lostPerSecond,
    List<Cpu> cpus,
    List<Type> types,
    List<Consumer> consumers,
    Latency latency,
    List<Observed> observed,
    Long clockErrorNanos) {

  /** Copies the lists. */
  public BufferReport {
    cpus = List.copyOf(cpus);
    types = List.copyOf(types);
    consumers = List.copyOf(consumers);
    observed = List.copyOf(observed);
  }

  /**
   * Of a buffer on which no latency is observed, with a clock that follows none.
   *
   * @param buffer the buffer's name
   * @param on whether it records
   * @param offReason who turned it off or paused it; null if nobody did
   * @param eventsPerSecond events that came to the consumer
   * @param bytesPerSecond their bytes
   * @param lostPerSecond events refused or overwritten
   * @param cpus by CPU
   * @param types by event type
   * @param consumers by consumer
   * @param latency from the record of an event to its coming here
   */
  public BufferReport(
      String buffer,
      boolean on,
      String offReason,
      double eventsPerSecond,
      double bytesPerSecond,
      double lostPerSecond,
      List<Cpu> cpus,
      List<Type> types,
      List<Consumer> consumers,
      Latency latency) {
    this(
        buffer,
        on,
        offReason,
        eventsPerSecond,
        bytesPerSecond,
        lostPerSecond,
        cpus,
        types,
        consumers,
        latency,
        List.of(),
        null);
  }

  /**
   * Events lost so far, for any reason except being turned off.
   *
   * @return the sum over the CPUs
   */
  public long lost() {
    return cpus.stream().mapToLong(Cpu::lost).sum();
  }

  /**
   * One CPU.
   *
   * @param cpu its number
   * @param counters the account since the buffer was made, {@link org.pagewheel.Buffer#totals}, by
   *     the {@link Counter#label label} of each counter but the oldest event's time
   * @param unread events that can still be read
   * @param pages pages that came here
   * @param bytes bytes of records on them
   * @param occupancy how full they were, from 0 to 1
   * @param eventsPerSecond events that came here
   * @param bytesPerSecond their bytes
   * @param lostPerSecond events lost
   */
  public record Cpu(
      int cpu,
      SortedMap<String, Long> counters,
      long unread,
      long pages,
      long bytes,
      double occupancy,
      double eventsPerSecond,
      double bytesPerSecond,
      double lostPerSecond) {

    /** Copies the account. */
    public Cpu {
      counters = Collections.unmodifiableSortedMap(new TreeMap<>(counters));
    }

    /**
     * The value of a counter.
     *
     * @param counter any but the oldest event's time
     * @return its value
     */
    public long count(Counter counter) {
      return counters.get(counter.label());
    }

    /**
     * Events lost so far, for any reason except being turned off.
     *
     * @return a number of at least 0
     */
    public long lost() {
      long lost = 0;
      for (Counter counter : Counter.values()) {
        lost += counter.isLoss() && counter != Counter.DISABLED ? count(counter) : 0;
      }
      return lost;
    }
  }

  /**
   * One event type.
   *
   * @param system its system; null for bytes of a type without a description
   * @param event its name, or its number
   * @param events how many came here
   * @param bytes of their payload
   * @param eventsPerSecond how many per second
   */
  public record Type(
      String system, String event, long events, long bytes, double eventsPerSecond) {}

  /**
   * One consumer.
   *
   * @param name its name
   * @param type its type
   * @param pages pages it has taken
   * @param missed events it alone missed
   * @param queued pages that wait for it
   * @param capacity how many may wait
   * @param held pages that it has been given and not released
   * @param stuck whether it has not returned from a page for long
   * @param problem what is wrong with it; null if nothing is
   * @param pagesPerSecond pages it takes
   */
  public record Consumer(
      String name,
      String type,
      long pages,
      long missed,
      int queued,
      int capacity,
      int held,
      boolean stuck,
      String problem,
      double pagesPerSecond) {}

  /**
   * Nanoseconds from the recording of an event to its arrival here; an event waits for its page to
   * be full, or to be flushed.
   *
   * @param events how many were measured
   * @param mean the mean
   * @param p50 half were quicker
   * @param p90 nine of ten were quicker
   * @param p99 99 of 100 were quicker
   * @param p999 999 of 1000 were quicker
   * @param max the slowest
   */
  public record Latency(
      long events, double mean, long p50, long p90, long p99, long p999, long max) {}

  /**
   * A latency that is observed, in nanoseconds.
   *
   * @param question a span, or what begins and what ends
   * @param events how many were met
   * @param sum of their lengths
   * @param p50 half took at most so long
   * @param p90 nine of ten did
   * @param p99 99 of 100 did
   * @param p999 999 of 1000 did
   * @param max the longest
   * @param bounds upper bounds, rising
   * @param counts how many took at most so long, for each bound
   * @param waiting begins and ends that wait for the other half
   * @param unpaired those that found none
   * @param missed events that the observer did not see; −1 if their number is unknown
   * @param busy how much of its time the observer is at work, from 0 to 1
   */
  public record Observed(
      String question,
      long events,
      long sum,
      long p50,
      long p90,
      long p99,
      long p999,
      long max,
      List<Long> bounds,
      List<Long> counts,
      long waiting,
      long unpaired,
      long missed,
      double busy) {

    /** Copies the lists. */
    public Observed {
      bounds = List.copyOf(bounds);
      counts = List.copyOf(counts);
    }
  }
}
