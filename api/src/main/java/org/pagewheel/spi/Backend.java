package org.pagewheel.spi;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes rings of one kind. To write one: implement {@link Ring} with the promises of {@link
 * RingWriter} and {@link PageSource}, and let the conformance kit ({@code org.pagewheel.tck}, in
 * this library's test jar) prove it.
 */
@ConsumerType
public interface Backend {
  /**
   * The name that configurations use.
   *
   * @return lower-case letters, digits and {@code -}
   */
  String name();

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
   * Makes the rings of all CPUs. A ring's needs are known now: memory that is not available is an
   * error here and not later. A CPU that never writes should cost nothing.
   *
   * @param config how; with only those settings that were given, see {@link
   *     DefaultSettings#complete}
   * @return a ring that records
   * @throws IllegalArgumentException if a setting is wrong; the message says which and what would
   *     be right
   * @throws IOException if memory or files are not available
   */
  Ring open(RingConfig config) throws IOException;
}
