package org.pagewheel.consumer.stats;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A buffer for monitors, as {@code org.pagewheel:type=Buffer,name=…}; all its types are open. Where
 * several Pagewheels in one process have a buffer of the same name, those after the first have
 * {@code instance=2} and so on in theirs.
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
   * The same as OpenMetrics text, version 1.0.0.
   *
   * @return ends with {@code # EOF}
   */
  String openMetrics();
}
