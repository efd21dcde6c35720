package org.pagewheel.shell.internal.doctor;

/**
 * A finding of a check.
 *
 * @param check the check
 * @param state its result
 * @param found what was found
 * @param advice what to do; empty if nothing
 */
public record Finding(String check, State state, String found, String advice) {
  /** The result of a check. */
  public enum State {
    /** As it should be. */
    GOOD,
    /** It works, and something is slower or missing. */
    NOTE,
    /** It keeps something from being recorded or saved. */
    FAULT;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  static Finding good(String check, String found) {
    return new Finding(check, State.GOOD, found, "");
  }

  static Finding note(String check, String found, String advice) {
    return new Finding(check, State.NOTE, found, advice);
  }

  static Finding fault(String check, String found, String advice) {
    return new Finding(check, State.FAULT, found, advice);
  }
}
