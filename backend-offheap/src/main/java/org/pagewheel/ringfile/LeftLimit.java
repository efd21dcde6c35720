package org.pagewheel.ringfile;

/**
 * How much may stay next to a ring's file of the rings that had that name before, see {@link
 * LeftRings}.
 *
 * @param files how many files, at least 1
 * @param bytes how large they may be together; the newest one stays whatever its size
 */
public record LeftLimit(int files, long bytes) {
  /**
   * How many rings of a size the limit allows.
   *
   * @param length bytes in the file of each
   * @return a number that includes the ring in use
   */
  int rings(long length) {
    return 1 + (int) Math.min(files, bytes / length);
  }
}
