package org.pagewheel.consumer.stats;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A buffer as monitors see it, named {@code org.pagewheel:type=Statistics,name=…}; all its types
 * are open. If several Pagewheels in one process have a buffer of the same name, the names of those
 * after the first have {@code instance=2} and so on.
 */
@ProviderType
public interface BufferMXBean {
  /**
   * Everything at one moment.
   *
   * @return a copy
   */
  BufferReport getReport();

  /**
   * Events that come to the consumer.
   *
   * @return a second, in the last whole one in which something was recorded
   */
  default double getEventsPerSecond() {
    return getReport().eventsPerSecond();
  }

  /**
   * Their bytes, record headers included.
   *
   * @return a second, likewise
   */
  default double getBytesPerSecond() {
    return getReport().bytesPerSecond();
  }

  /**
   * Events refused or overwritten, for any reason except being turned off.
   *
   * @return a second, likewise
   */
  default double getLostPerSecond() {
    return getReport().lostPerSecond();
  }

  /**
   * How long events take from their record to the consumer: 99 of 100 are quicker.
   *
   * @return nanoseconds
   */
  default long getLatencyP99() {
    return getReport().latency().p99();
  }

  /**
   * The same as OpenMetrics text, version 1.0.0.
   *
   * @return ends with {@code # EOF}
   */
  String openMetrics();
}
