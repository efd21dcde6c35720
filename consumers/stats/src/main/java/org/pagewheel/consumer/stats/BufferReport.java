package org.pagewheel.consumer.stats;

import java.util.List;

/**
 * How a buffer and its consumers do. Rates are those of the last whole second in which something
 * was recorded, and 0 when nothing is. What is counted of pages and event types is counted from the
 * moment on at which the stats consumer was attached.
 *
 * @param buffer the buffer's name
 * @param on whether it records
 * @param eventsPerSecond events that came to the consumer
 * @param bytesPerSecond their bytes, record headers included
 * @param lostPerSecond events refused or overwritten, by whatever cause but being turned off
 * @param cpus by CPU
 * @param types by event type, most frequent first
 * @param consumers by consumer
 * @param latency from the record of an event to its coming here
 */
public record BufferReport(
    String buffer,
    boolean on,
    double eventsPerSecond,
    double bytesPerSecond,
    double lostPerSecond,
    List<Cpu> cpus,
    List<Type> types,
    List<Consumer> consumers,
    Latency latency) {

  /** Copies the lists. */
  public BufferReport {
    cpus = List.copyOf(cpus);
    types = List.copyOf(types);
    consumers = List.copyOf(consumers);
  }

  /**
   * Events lost so far, by whatever cause but being turned off.
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
   * @param written events committed
   * @param read events consumed
   * @param unread events that can still be read
   * @param overrun overwritten before they were read
   * @param commitOverrun refused: the ring had come round to events still being written
   * @param dropped refused: the ring was full
   * @param disabled refused: recording was off
   * @param tooLong refused: longer than the largest event
   * @param recursion refused: the ring's own clock wrote to it
   * @param discarded taken back by their writers
   * @param pages pages that came here
   * @param bytes bytes of records on them
   * @param occupancy how full they were, from 0 to 1
   * @param eventsPerSecond events that came here
   * @param bytesPerSecond their bytes
   * @param lostPerSecond events lost
   */
  public record Cpu(
      int cpu,
      long written,
      long read,
      long unread,
      long overrun,
      long commitOverrun,
      long dropped,
      long disabled,
      long tooLong,
      long recursion,
      long discarded,
      long pages,
      long bytes,
      double occupancy,
      double eventsPerSecond,
      double bytesPerSecond,
      double lostPerSecond) {

    /**
     * Events lost so far, by whatever cause but being turned off.
     *
     * @return a number of at least 0
     */
    public long lost() {
      return overrun + commitOverrun + dropped + tooLong + recursion;
    }
  }

  /**
   * One event type.
   *
   * @param system its system; empty for bytes of a type that nobody has described
   * @param event its name, or its number
   * @param events how many came here
   * @param bytes of their payload
   * @param eventsPerSecond how many a second
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
   * @param stuck whether it has not come back from a page for long
   * @param problem what is wrong with it; empty if nothing is
   * @param pagesPerSecond pages it takes
   */
  public record Consumer(
      String name,
      String type,
      long pages,
      long missed,
      int queued,
      int capacity,
      boolean stuck,
      String problem,
      double pagesPerSecond) {}

  /**
   * Nanoseconds from the record of an event to its coming here; an event waits for its page to be
   * full, or to be flushed.
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
}
