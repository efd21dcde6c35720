package org.pagewheel.spi;

import java.io.IOException;
import java.util.Optional;
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
   * The settings that it understands, with their defaults. If they are given, Pagewheel shows them
   * with the configuration, and refuses others with the name of the nearest one; if not, only
   * {@link #open} knows what is right. Asked once.
   *
   * @return the content of the file {@code reference.conf} next to the class; none if there is no
   *     such file
   */
  default Optional<DefaultSettings> defaults() {
    return DefaultSettings.find(getClass());
  }

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
