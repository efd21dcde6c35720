package org.pagewheel.ringfile;

import java.nio.file.Path;

/**
 * Takes care of files that a dead process has left where a new ring was to lie; an OSGi service, or
 * found by {@link java.util.ServiceLoader}.
 */
@FunctionalInterface
public interface LeftFiles {
  /**
   * Recovers a file, on a thread of its own.
   *
   * @param file where it has been put aside; it stays
   */
  void recover(Path file);
}
