package org.pagewheel.benchmarks;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A thread's payload: a number that changes each time. */
@State(Scope.Thread)
public class Payload {
  private long last;

  long next() {
    return ++last;
  }
}
