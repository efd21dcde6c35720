package org.pagewheel.tracedat;

import org.pagewheel.format.PageLayout;

/**
 * A buffer in a trace file: the top one, or an instance.
 *
 * @param name the instance's name; empty for the top buffer
 * @param clock the name of its clock without brackets; empty if the file does not say
 * @param pageSize bytes of its pages
 * @param cpus how many CPUs it has; they are numbered from 0, and any may be without data
 */
public record TraceBuffer(String name, String clock, int pageSize, int cpus) {
  /** The most CPUs that a file may have. */
  public static final int MAX_CPUS = 65536;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the page size is not a power of two from 4096 to 1048576,
   *     if the number of CPUs is not from 0 to {@link #MAX_CPUS}, or if a name holds a NUL
   */
  public TraceBuffer {
    PageLayout.checkPageSize(pageSize);
    if (cpus < 0 || cpus > MAX_CPUS) {
      throw new IllegalArgumentException(cpus + " CPUs are not from 0 to " + MAX_CPUS);
    }
    if (name.indexOf('\0') >= 0 || clock.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a name holds a NUL");
    }
  }
}
