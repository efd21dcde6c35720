package org.pagewheel.runtime.internal.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.pagewheel.runtime.Setting;

/**
 * The whole configuration, checked.
 *
 * @param buffers the buffers that are there from the start
 * @param sources which sources may run, by name
 * @param otherSources whether those not named may
 * @param openTimeout how long a backend may take to make a ring
 * @param drainTimeout how long readers may take to finish the ring before the last
 * @param stopTimeout how long a consumer may take to finish
 * @param effective every value with its origin
 * @param rules makes further buffers and consumers by the same rules and defaults
 */
public record Settings(
    List<BufferPlan> buffers,
    Map<String, Boolean> sources,
    boolean otherSources,
    Duration openTimeout,
    Duration drainTimeout,
    Duration stopTimeout,
    List<Setting> effective,
    Rules rules) {

  public boolean mayRun(String source) {
    return sources.getOrDefault(source, otherSources);
  }
}
