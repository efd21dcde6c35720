package org.pagewheel.tck;

/**
 * What a backend promises beyond, or short of, the usual. Most need only {@link #usual}.
 *
 * @param tellsDoubleCommit whether committing or discarding a reservation a second time, at once,
 *     is answered with {@link IllegalStateException}
 * @param allocatesCpusLate whether the memory of a CPU is taken at its first event only
 */
public record BackendSpec(boolean tellsDoubleCommit, boolean allocatesCpusLate) {
  /**
   * What is expected of a backend that says nothing.
   *
   * @return every optional promise is kept
   */
  public static BackendSpec usual() {
    return new BackendSpec(true, true);
  }

  /**
   * The same for a backend that cannot tell a second commit.
   *
   * @return a copy
   */
  public BackendSpec withoutDoubleCommitTold() {
    return new BackendSpec(false, allocatesCpusLate);
  }

  /**
   * The same for a backend that takes all memory when the ring is made.
   *
   * @return a copy
   */
  public BackendSpec withAllCpusAllocatedAtOnce() {
    return new BackendSpec(tellsDoubleCommit, false);
  }
}
