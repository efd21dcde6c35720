package org.pagewheel.runtime.internal.config;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.pagewheel.BufferConfig;
import org.pagewheel.runtime.internal.trigger.TriggerText;

/**
 * A buffer as the configuration wants it; all values have been checked except the names of backends
 * and types, which come and go.
 *
 * @param config the configuration of its ring
 * @param events names and patterns of the events to record
 * @param on whether it records from the start
 * @param recorded the CPUs that it records on; not to be changed
 * @param waits whether to start without its ring if that cannot be made yet
 * @param fallback the backend that takes over from one that goes away
 * @param flow how its pages flow to consumers
 * @param consumers the consumers of its pages
 * @param triggers what happens at which events
 */
public record BufferPlan(
    BufferConfig config,
    List<String> events,
    boolean on,
    BitSet recorded,
    boolean waits,
    Optional<String> fallback,
    Flow flow,
    List<ConsumerPlan> consumers,
    List<TriggerText> triggers) {

  /**
   * When the pump takes pages.
   *
   * @param watermark the percentage of full pages on a CPU
   * @param flush the interval in any case
   */
  public record Flow(int watermark, Duration flush) {}

  /** The same with another ring. */
  public BufferPlan withConfig(BufferConfig other) {
    return new BufferPlan(other, events, on, recorded, waits, fallback, flow, consumers, triggers);
  }

  /** The same with other consumers. */
  public BufferPlan withConsumers(List<ConsumerPlan> others) {
    return new BufferPlan(
        config, events, on, recorded, waits, fallback, flow, List.copyOf(others), triggers);
  }

  /** The same on other CPUs. */
  public BufferPlan withRecorded(BitSet others) {
    return new BufferPlan(config, events, on, others, waits, fallback, flow, consumers, triggers);
  }

  public String name() {
    return config.name();
  }
}
