package org.pagewheel;

import java.util.List;
import java.util.Map;

/**
 * How a buffer is made. Two are equal if all values are. Immutable.
 *
 * <pre>{@code
 * BufferConfig.builder("orders", "lockfree").mode(Mode.DISCARD).pages(1024).build()
 * }</pre>
 */
public final class BufferConfig {
  private final String name;
  private final String backend;
  private final Mode mode;
  private final int pages;
  private final int pageSize;
  private final int cpus;
  private final Clock clock;
  private final CpuNumber cpuNumber;
  private final Map<String, String> settings;

  private BufferConfig(Builder from) {
    name = from.name;
    backend = from.backend;
    mode = from.mode;
    pages = from.pages;
    pageSize = from.pageSize;
    cpus = from.cpus;
    clock = from.clock;
    cpuNumber = from.cpuNumber;
    settings = Map.copyOf(from.settings);
  }

  /**
   * A buffer with the usual values: overwrite mode, 256 pages of 4096 bytes for each CPU of this
   * machine, clock mono.
   *
   * @param name lower-case letters, digits, {@code -} and {@code _}, at most 40
   * @param backend the name of the backend that makes its ring
   * @return a configuration to derive others from
   */
  public static BufferConfig of(String name, String backend) {
    return builder(name, backend).build();
  }

  /**
   * Begins a configuration with the usual values, see {@link #of}.
   *
   * @param name lower-case letters, digits, {@code -} and {@code _}, at most 40
   * @param backend the name of the backend that makes its ring
   * @return a builder
   */
  public static Builder builder(String name, String backend) {
    return new Builder(name, backend);
  }

  /**
   * Begins a configuration with these values.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    return new Builder(name, backend)
        .mode(mode)
        .pages(pages)
        .pageSize(pageSize)
        .cpus(cpus)
        .clock(clock)
        .cpuNumber(cpuNumber)
        .settings(settings);
  }

  /**
   * The buffer's name.
   *
   * @return lower-case letters, digits, {@code -} and {@code _}, at most 40
   */
  public String name() {
    return name;
  }

  /**
   * Who makes its ring.
   *
   * @return the name of a backend
   */
  public String backend() {
    return backend;
  }

  /**
   * What a full ring does.
   *
   * @return never null
   */
  public Mode mode() {
    return mode;
  }

  /**
   * Pages per CPU in the ring; one more is the reader's.
   *
   * @return a number of at least 2
   */
  public int pages() {
    return pages;
  }

  /**
   * Bytes per page.
   *
   * @return a power of two from 4096 to 1048576
   */
  public int pageSize() {
    return pageSize;
  }

  /**
   * How many streams there are.
   *
   * @return a number of at least 1
   */
  public int cpus() {
    return cpus;
  }

  /**
   * Where times come from.
   *
   * @return never null
   */
  public Clock clock() {
    return clock;
  }

  /**
   * Which stream a writer uses.
   *
   * @return never null
   */
  public CpuNumber cpuNumber() {
    return cpuNumber;
  }

  /**
   * What else the backend understands, such as {@code file = …}.
   *
   * @return an immutable map; may be empty
   */
  public Map<String, String> settings() {
    return settings;
  }

  /**
   * The same with another mode.
   *
   * @param newMode what a full ring does
   * @return a copy
   */
  public BufferConfig withMode(Mode newMode) {
    return toBuilder().mode(newMode).build();
  }

  /**
   * The same with another size.
   *
   * @param newPages pages per CPU
   * @param newPageSize bytes per page
   * @return a copy
   */
  public BufferConfig withPages(int newPages, int newPageSize) {
    return toBuilder().pages(newPages).pageSize(newPageSize).build();
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
    return toBuilder().cpus(newCpus).clock(newClock).cpuNumber(newCpuNumber).build();
  }

  /**
   * The same with another backend.
   *
   * @param newBackend the backend's name
   * @param newSettings what else it understands
   * @return a copy
   */
  public BufferConfig withBackend(String newBackend, Map<String, String> newSettings) {
    return toBuilder().backend(newBackend).settings(newSettings).build();
  }

  private List<Object> values() {
    return List.of(name, backend, mode, pages, pageSize, cpus, clock, cpuNumber, settings);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BufferConfig config && values().equals(config.values());
  }

  @Override
  public int hashCode() {
    return values().hashCode();
  }

  @Override
  public String toString() {
    return "buffer %s: %s, %s, %d pages of %d bytes for each of %d CPUs, clock %s, %s"
        .formatted(name, backend, mode, pages, pageSize, cpus, clock.name(), settings);
  }

  /** Makes a configuration. For one thread. */
  public static final class Builder {
    private final String name;
    private String backend;
    private Mode mode = Mode.OVERWRITE;
    private int pages = 256;
    private int pageSize = 4096;
    private int cpus = Runtime.getRuntime().availableProcessors();
    private Clock clock = Clock.MONO;
    private CpuNumber cpuNumber = CpuNumber.system();
    private Map<String, String> settings = Map.of();

    private Builder(String name, String backend) {
      this.name = name;
      this.backend = backend;
    }

    /**
     * Sets who makes its ring.
     *
     * @param value the name of a backend
     * @return this
     */
    public Builder backend(String value) {
      backend = value;
      return this;
    }

    /**
     * Sets what a full ring does.
     *
     * @param value not null
     * @return this
     */
    public Builder mode(Mode value) {
      mode = value;
      return this;
    }

    /**
     * Sets the pages per CPU in the ring; one more is the reader's.
     *
     * @param value at least 2
     * @return this
     */
    public Builder pages(int value) {
      pages = value;
      return this;
    }

    /**
     * Sets the bytes per page.
     *
     * @param value a power of two from 4096 to 1048576
     * @return this
     */
    public Builder pageSize(int value) {
      pageSize = value;
      return this;
    }

    /**
     * Sets how many streams there are.
     *
     * @param value at least 1
     * @return this
     */
    public Builder cpus(int value) {
      cpus = value;
      return this;
    }

    /**
     * Sets where times come from.
     *
     * @param value not null
     * @return this
     */
    public Builder clock(Clock value) {
      clock = value;
      return this;
    }

    /**
     * Sets which stream a writer uses.
     *
     * @param value not null
     * @return this
     */
    public Builder cpuNumber(CpuNumber value) {
      cpuNumber = value;
      return this;
    }

    /**
     * Sets what else the backend understands, such as {@code file = …}.
     *
     * @param value copied; may be empty, not null
     * @return this
     */
    public Builder settings(Map<String, String> value) {
      settings = value;
      return this;
    }

    /**
     * Makes the configuration. Whether values are in their ranges is checked where the buffer is
     * made.
     *
     * @return as it was set until now
     */
    public BufferConfig build() {
      return new BufferConfig(this);
    }
  }
}
