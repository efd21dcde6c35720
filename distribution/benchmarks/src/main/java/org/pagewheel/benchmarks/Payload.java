package org.pagewheel.benchmarks;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a thread writes: a number that is another one each time. */
@State(Scope.Thread)
public class Payload {
  private long last;

  long next() {
    return ++last;
  }
}
