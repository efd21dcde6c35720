package org.pagewheel.spi;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/** Makes consumers of one type, each for one buffer. */
@ConsumerType
public interface ConsumerFactory {
  /**
   * The type's name in configurations.
   *
   * @return lower-case letters, digits and {@code -}
   */
  String type();

  /**
   * Makes a consumer.
   *
   * @param context what it consumes from, and its settings
   * @return a consumer ready for pages
   * @throws IllegalArgumentException if a setting is wrong or unknown; the message says which and
   *     what would be right
   * @throws IOException if it cannot start
   */
  PageConsumer open(ConsumerContext context) throws IOException;
}
