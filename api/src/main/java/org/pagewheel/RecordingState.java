package org.pagewheel;

/** Whether those who use a buffer want it to record; the first that applies, in this order. */
public enum RecordingState {
  /** It was turned {@link Buffer#off off}. */
  OFF,

  /** A {@link Buffer#pause pause} is open. */
  PAUSED,

  /** It is on, on no {@link Buffer#recordedCpus CPU}. */
  NO_CPU,

  /** Nothing keeps it from recording but a problem of its own. */
  ON
}
