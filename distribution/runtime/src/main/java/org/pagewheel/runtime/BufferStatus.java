package org.pagewheel.runtime;

import java.util.Optional;

/**
 * The state of a buffer.
 *
 * @param name the buffer's name
 * @param backend the backend that made its ring, or is to make it
 * @param state what it is doing
 * @param problem what is wrong with it, one line
 * @param rings how many rings it holds: 1, and more while replaced ones are still read
 */
public record BufferStatus(
    String name, String backend, State state, Optional<String> problem, int rings) {

  /** What a buffer is doing. */
  public enum State {
    /** It records. */
    ON,
    /** It refuses events because it was turned off. */
    OFF,
    /** It refuses events until its backend arrives. */
    WAITING,
    /** It refuses events because its ring broke. */
    FAILED,
    /** It is closed for ever. */
    CLOSED
  }
}
