package org.pagewheel.ringfile;

/**
 * How much may stay beside a ring's file of the rings that lay there before, see {@link LeftRings}.
 *
 * @param files how many files, at least 1
 * @param bytes how large they may be together; the newest one stays however large
 */
public record LeftLimit(int files, long bytes) {
  /**
   * How many rings of a size the limit allows.
   *
   * @param length bytes in the file of each
   * @return a number, that of the ring in use included
   */
  int rings(long length) {
    return 1 + (int) Math.min(files, bytes / length);
  }
}
