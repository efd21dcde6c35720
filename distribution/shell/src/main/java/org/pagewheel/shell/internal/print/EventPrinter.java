package org.pagewheel.shell.internal.print;

import java.util.function.Consumer;
import org.pagewheel.EventReader;

/** Prints the events of a reader, one after the other. */
public interface EventPrinter {
  /** The event that the reader is at, and before it what was lost. */
  void print(EventReader events, Consumer<String> out);

  /** What was lost before the event that the reader is at, if it is anything. */
  void printLoss(EventReader events, Consumer<String> out);
}
