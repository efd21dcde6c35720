package org.pagewheel.tck;

import java.util.Map;
import org.pagewheel.Mode;
import org.pagewheel.spi.Backend;

/**
 * What a {@link StressRun} does. A backend's author can make longer and wilder ones than the kit's
 * own: {@code StressRun.run(StressPlan.of(backend).withThreads(64).withMillis(60_000))}.
 *
 * @param backend makes the ring
 * @param settings what the backend needs
 * @param mode the ring's mode
 * @param pages pages of each CPU
 * @param pageSize bytes of a page
 * @param cpus CPUs that the threads move between
 * @param threads writers
 * @param virtual whether the writers are virtual threads
 * @param readers whether pages are taken, held and copied while the writers write; if not, at the
 *     end
 * @param millis how long
 * @param seed of all random decisions
 */
public record StressPlan(
    Backend backend,
    Map<String, String> settings,
    Mode mode,
    int pages,
    int pageSize,
    int cpus,
    int threads,
    boolean virtual,
    boolean readers,
    long millis,
    long seed) {

  /**
   * A run of 300 ms with 16 threads on two CPUs of four pages of 4 KiB, in mode overwrite; {@code
   * -Dtck.seconds=60} makes every run 60 s longer, {@code -Dtck.seed=…} sets the seed.
   *
   * @param backend the backend
   * @return a plan to derive others from
   */
  public static StressPlan of(Backend backend) {
    long millis = 300 + 1000 * Long.getLong("tck.seconds", 0);
    return new StressPlan(
        backend,
        Map.of(),
        Mode.OVERWRITE,
        4,
        4096,
        2,
        16,
        false,
        true,
        millis,
        Seed.next("stress"));
  }

  /**
   * The same with settings.
   *
   * @param newSettings what the backend needs
   * @return a copy
   */
  public StressPlan withSettings(Map<String, String> newSettings) {
    return new StressPlan(
        backend, newSettings, mode, pages, pageSize, cpus, threads, virtual, readers, millis, seed);
  }

  /**
   * The same in another mode.
   *
   * @param newMode the mode
   * @return a copy
   */
  public StressPlan withMode(Mode newMode) {
    return new StressPlan(
        backend, settings, newMode, pages, pageSize, cpus, threads, virtual, readers, millis, seed);
  }

  /**
   * The same with another ring.
   *
   * @param newCpus CPUs
   * @param newPages pages of each
   * @param newPageSize bytes of a page
   * @return a copy
   */
  public StressPlan withRing(int newCpus, int newPages, int newPageSize) {
    return new StressPlan(
        backend,
        settings,
        mode,
        newPages,
        newPageSize,
        newCpus,
        threads,
        virtual,
        readers,
        millis,
        seed);
  }

  /**
   * The same with other writers.
   *
   * @param newThreads how many
   * @param newVirtual whether virtual
   * @return a copy
   */
  public StressPlan withThreads(int newThreads, boolean newVirtual) {
    return new StressPlan(
        backend,
        settings,
        mode,
        pages,
        pageSize,
        cpus,
        newThreads,
        newVirtual,
        readers,
        millis,
        seed);
  }

  /**
   * The same without readers until the end.
   *
   * @return a copy
   */
  public StressPlan withoutReaders() {
    return new StressPlan(
        backend, settings, mode, pages, pageSize, cpus, threads, virtual, false, millis, seed);
  }

  /**
   * The same for another time.
   *
   * @param newMillis how long
   * @return a copy
   */
  public StressPlan withMillis(long newMillis) {
    return new StressPlan(
        backend, settings, mode, pages, pageSize, cpus, threads, virtual, readers, newMillis, seed);
  }
}
