package org.pagewheel.runtime;

import java.util.Optional;

/**
 * How a consumer does.
 *
 * @param buffer the buffer it is attached to
 * @param name its name among the buffer's consumers
 * @param type its type
 * @param state what it is doing
 * @param problem what is wrong, in its own words or by what it threw last, since when, and how many
 *     events it has missed since; one line. What it threw counts until it has accepted a page.
 * @param pages pages it has taken
 * @param missed events it alone missed: dropped from its queue, in pages it failed to take, or lost
 *     after it had taken them; at least so many where a page did not tell its own losses
 * @param queued pages that wait for it
 * @param held pages that it has been given and not released
 */
public record ConsumerStatus(
    String buffer,
    String name,
    String type,
    State state,
    Optional<String> problem,
    long pages,
    long missed,
    int queued,
    int held) {

  /** What a consumer is doing. */
  public enum State {
    /** Its type is not there yet, or it could not start. */
    WAITING,
    /** It takes pages. */
    RUNNING,
    /** It has not come back from one page for longer than its block-timeout. */
    STUCK,
    /** It has been detached. */
    CLOSED
  }
}
