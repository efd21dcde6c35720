package org.pagewheel.ringfile;

import java.nio.file.Path;

/**
 * Takes care of files that a dead process left where a new ring was to be made; an OSGi service, or
 * found by {@link java.util.ServiceLoader}.
 */
@FunctionalInterface
public interface LeftFiles {
  /**
   * Recovers a file, on a separate thread.
   *
   * @param file the file that was put aside; it stays
   */
  void recover(Path file);
}
