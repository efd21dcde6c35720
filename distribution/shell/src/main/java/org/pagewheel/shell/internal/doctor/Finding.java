package org.pagewheel.shell.internal.doctor;

/**
 * What was found.
 *
 * @param check what was looked at
 * @param state how it is
 * @param found what there is
 * @param advice what to do; empty if nothing
 */
public record Finding(String check, State state, String found, String advice) {
  /** How it is. */
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
