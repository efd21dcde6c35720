package org.pagewheel.runtime;

import java.util.Optional;

/**
 * The state of a consumer.
 *
 * @param buffer the buffer it is attached to
 * @param name its name among the buffer's consumers
 * @param type its type
 * @param state what it is doing
 * @param problem what is wrong, in its own words or by its last exception, since when, and how many
 *     events it has missed since; one line. An exception counts until the consumer has accepted a
 *     page.
 * @param pages pages it has taken
 * @param missed events it alone missed: dropped from its queue, in pages it failed to take, or lost
 *     after it had taken them; a lower bound if a page did not report its own losses
 * @param queued pages that wait for it
 * @param held pages that it was given and has not released
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
    /** Its type is not available yet, or it could not start. */
    WAITING,
    /** It takes pages. */
    RUNNING,
    /** It has not returned from a page for longer than its block-timeout. */
    STUCK,
    /** It has been detached. */
    CLOSED
  }
}
