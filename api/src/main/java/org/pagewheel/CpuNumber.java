package org.pagewheel;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says on which CPU the calling thread runs, so that writers on different CPUs write to different
 * rings. It only spreads writers: the answer may be out of date when it is returned, and no
 * correctness rests on it.
 */
@FunctionalInterface
@ConsumerType
public interface CpuNumber {
  /**
   * The CPU the calling thread runs on, or any number that spreads threads well.
   *
   * @return a number of at least 0; a ring with fewer CPUs takes it modulo its own number
   */
  int current();

  /**
   * The best this machine offers: {@code sched_getcpu} where native access is granted to this
   * library, else a stripe of the thread's id. Never warns and never fails.
   *
   * @return the same instance at every call
   */
  static CpuNumber system() {
    return SystemCpuNumber.INSTANCE;
  }
}
