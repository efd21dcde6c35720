package org.pagewheel.runtime;

import java.lang.instrument.Instrumentation;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What may be done with the classes of this JVM, where the recorder came as an agent. In any other
 * there is nothing here.
 */
public final class Instruments {
  private static final AtomicReference<Instrumentation> GIVEN = new AtomicReference<>();

  private Instruments() {}

  /**
   * For the agent, once.
   *
   * @param instrumentation what the JVM has handed to it
   */
  public static void give(Instrumentation instrumentation) {
    if (!GIVEN.compareAndSet(null, Objects.requireNonNull(instrumentation))) {
      throw new IllegalStateException("there is an agent already");
    }
  }

  /**
   * What the agent was handed.
   *
   * @return empty where there is no agent
   */
  public static Optional<Instrumentation> find() {
    return Optional.ofNullable(GIVEN.get());
  }
}
