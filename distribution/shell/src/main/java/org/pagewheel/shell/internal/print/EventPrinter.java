package org.pagewheel.shell.internal.print;

import java.util.function.Consumer;
import org.pagewheel.EventReader;

/** Prints the events of a reader, one after another. */
public interface EventPrinter {
  /** The reader's event, preceded by what was lost before it. */
  void print(EventReader events, Consumer<String> out);

  /** What was lost before the reader's event, if anything. */
  void printLoss(EventReader events, Consumer<String> out);
}
