package org.pagewheel.spi;

import java.util.Map;

/**
 * How one of a buffer's consumers does.
 *
 * @param name its name among the buffer's consumers
 * @param type its type
 * @param settings its own settings
 * @param pages pages it has taken
 * @param missed events it alone missed, at least
 * @param queued pages that wait for it
 * @param capacity how many may wait
 * @param isStuck whether it has not come back from one page for long
 * @param problem what is wrong with it, one line; empty if nothing is
 */
public record ConsumerAccount(
    String name,
    String type,
    Map<String, String> settings,
    long pages,
    long missed,
    int queued,
    int capacity,
    boolean isStuck,
    String problem) {

  /** Copies the settings. */
  public ConsumerAccount {
    settings = Map.copyOf(settings);
  }
}
