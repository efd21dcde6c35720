package org.pagewheel.spi;

import org.osgi.annotation.versioning.ConsumerType;
import org.pagewheel.Buffers;

/** Writes events of its own accord (of the container, of the JVM, …) into a buffer. */
@ConsumerType
public interface Source {
  /**
   * The name that configurations use.
   *
   * @return lower-case letters, digits and {@code -}
   */
  String name();

  /**
   * Starts to write events.
   *
   * @param buffers where to write to; a source may make a buffer of its own
   * @return stops the source when closed; returns only when its last event is written
   * @throws Exception if it cannot start; reported, and affects nothing else
   */
  AutoCloseable start(Buffers buffers) throws Exception;
}
