package org.pagewheel.runtime.internal.config;

import java.time.Duration;
import java.util.Map;

/**
 * A consumer as the configuration wants it.
 *
 * @param name its name among those of its buffer
 * @param type which factory makes it
 * @param queue how many pages may wait for it
 * @param policy what happens to the next one
 * @param blockTimeout how long the pump waits for room, if it waits
 * @param settings the consumer's own
 */
public record ConsumerPlan(
    String name,
    String type,
    int queue,
    Policy policy,
    Duration blockTimeout,
    Map<String, String> settings) {

  /** What happens when a consumer's queue is full. */
  public enum Policy {
    /** The pump waits, for a while. */
    BLOCK,
    /** The page that has waited longest is dropped. */
    DROP_OLDEST,
    /** The new page is dropped. */
    DROP_NEWEST
  }
}
