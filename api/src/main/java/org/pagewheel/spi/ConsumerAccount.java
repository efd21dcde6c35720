package org.pagewheel.spi;

import java.util.Map;
import java.util.Optional;

/** The state of one of a buffer's consumers. Immutable. */
public final class ConsumerAccount {
  private final String name;
  private final String type;
  private final Map<String, String> settings;
  private final long pages;
  private final long missed;
  private final int queued;
  private final int capacity;
  private final int held;
  private final boolean isStuck;
  private final Optional<String> problem;

  private ConsumerAccount(Builder from) {
    name = from.name;
    type = from.type;
    settings = Map.copyOf(from.settings);
    pages = from.pages;
    missed = from.missed;
    queued = from.queued;
    capacity = from.capacity;
    held = from.held;
    isStuck = from.isStuck;
    problem = from.problem;
  }

  /**
   * Begins an account of a consumer that has done nothing.
   *
   * @param name its name among the buffer's consumers
   * @param type its type
   * @return a builder
   */
  public static Builder builder(String name, String type) {
    return new Builder(name, type);
  }

  /**
   * Its name among the buffer's consumers.
   *
   * @return never empty
   */
  public String name() {
    return name;
  }

  /**
   * Its type.
   *
   * @return never empty
   */
  public String type() {
    return type;
  }

  /**
   * Its own settings.
   *
   * @return an immutable map; may be empty
   */
  public Map<String, String> settings() {
    return settings;
  }

  /**
   * Pages it has taken.
   *
   * @return a number of at least 0
   */
  public long pages() {
    return pages;
  }

  /**
   * Events that it alone missed.
   *
   * @return a number of at least 0; it may have been more
   */
  public long missed() {
    return missed;
  }

  /**
   * Pages that wait for it.
   *
   * @return a number of at least 0
   */
  public int queued() {
    return queued;
  }

  /**
   * How many pages may wait.
   *
   * @return a number of at least 1
   */
  public int capacity() {
    return capacity;
  }

  /**
   * Pages that it has been given and not released.
   *
   * @return a number of at least 0
   */
  public int held() {
    return held;
  }

  /**
   * Whether it has not returned from a page for long.
   *
   * @return true if so
   */
  public boolean isStuck() {
    return isStuck;
  }

  /**
   * What is wrong with it.
   *
   * @return one line; empty if nothing is
   */
  public Optional<String> problem() {
    return problem;
  }

  /** Makes an account. For one thread. */
  public static final class Builder {
    private final String name;
    private final String type;
    private Map<String, String> settings = Map.of();
    private long pages;
    private long missed;
    private int queued;
    private int capacity = 1;
    private int held;
    private boolean isStuck;
    private Optional<String> problem = Optional.empty();

    private Builder(String name, String type) {
      this.name = name;
      this.type = type;
    }

    /**
     * Sets its own settings.
     *
     * @param value copied; not null
     * @return this
     */
    public Builder settings(Map<String, String> value) {
      settings = value;
      return this;
    }

    /**
     * Sets the pages it has taken.
     *
     * @param value at least 0
     * @return this
     */
    public Builder pages(long value) {
      pages = value;
      return this;
    }

    /**
     * Sets the events that it alone missed.
     *
     * @param value at least 0
     * @return this
     */
    public Builder missed(long value) {
      missed = value;
      return this;
    }

    /**
     * Sets the pages that wait for it.
     *
     * @param value at least 0
     * @return this
     */
    public Builder queued(int value) {
      queued = value;
      return this;
    }

    /**
     * Sets how many pages may wait.
     *
     * @param value at least 1
     * @return this
     */
    public Builder capacity(int value) {
      capacity = value;
      return this;
    }

    /**
     * Sets the pages that it has been given and not released.
     *
     * @param value at least 0
     * @return this
     */
    public Builder held(int value) {
      held = value;
      return this;
    }

    /**
     * Sets whether it has not returned from a page for long.
     *
     * @param value true if so
     * @return this
     */
    public Builder isStuck(boolean value) {
      isStuck = value;
      return this;
    }

    /**
     * Sets what is wrong with it.
     *
     * @param value one line; empty if nothing is
     * @return this
     */
    public Builder problem(Optional<String> value) {
      problem = value;
      return this;
    }

    /**
     * Makes the account.
     *
     * @return with the values set so far
     */
    public ConsumerAccount build() {
      return new ConsumerAccount(this);
    }
  }
}
