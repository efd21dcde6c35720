package org.pagewheel;

import java.util.Map;

/**
 * How a buffer is made.
 *
 * @param name lower-case letters, digits, {@code -} and {@code _}, at most 40
 * @param backend the name of the backend that makes its ring
 * @param mode what a full ring does
 * @param pages pages per CPU in the ring, at least 2; one more is the reader's
 * @param pageSize bytes per page, a power of two from 4096 to 1048576
 * @param cpus streams, at least 1
 * @param clock where times come from
 * @param cpuNumber which stream a writer uses
 * @param settings what else the backend understands ({@code file = …}), never null, may be empty
 */
public record BufferConfig(
    String name,
    String backend,
    Mode mode,
    int pages,
    int pageSize,
    int cpus,
    Clock clock,
    CpuNumber cpuNumber,
    Map<String, String> settings) {

  /** Copies the settings. */
  public BufferConfig {
    settings = Map.copyOf(settings);
  }

  /**
   * A buffer with the usual values: overwrite mode, 256 pages of 4096 bytes for each CPU, clock
   * mono.
   *
   * @param name the buffer's name
   * @param backend the backend's name
   * @return a configuration to derive others from
   */
  public static BufferConfig of(String name, String backend) {
    return new BufferConfig(
        name,
        backend,
        Mode.OVERWRITE,
        256,
        4096,
        Runtime.getRuntime().availableProcessors(),
        Clock.MONO,
        CpuNumber.system(),
        Map.of());
  }

  /**
   * The same with another mode.
   *
   * @param newMode what a full ring does
   * @return a copy
   */
  public BufferConfig withMode(Mode newMode) {
    return new BufferConfig(
        name, backend, newMode, pages, pageSize, cpus, clock, cpuNumber, settings);
  }

  /**
   * The same with another size.
   *
   * @param newPages pages per CPU
   * @param newPageSize bytes per page
   * @return a copy
   */
  public BufferConfig withPages(int newPages, int newPageSize) {
    return new BufferConfig(
        name, backend, mode, newPages, newPageSize, cpus, clock, cpuNumber, settings);
  }

  /**
   * The same with times and CPUs from elsewhere, as a replay needs it.
   *
   * @param newCpus how many streams
   * @param newClock where times come from
   * @param newCpuNumber which stream a writer uses
   * @return a copy
   */
  public BufferConfig withClock(int newCpus, Clock newClock, CpuNumber newCpuNumber) {
    return new BufferConfig(
        name, backend, mode, pages, pageSize, newCpus, newClock, newCpuNumber, settings);
  }

  /**
   * The same with another backend.
   *
   * @param newBackend the backend's name
   * @param newSettings what else it understands
   * @return a copy
   */
  public BufferConfig withBackend(String newBackend, Map<String, String> newSettings) {
    return new BufferConfig(
        name, newBackend, mode, pages, pageSize, cpus, clock, cpuNumber, newSettings);
  }
}
