package org.pagewheel.probes;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.pagewheel.Buffers;
import org.pagewheel.probes.internal.Tracing;

/**
 * What can be asked of running code, without touching it. See the {@linkplain org.pagewheel.probes
 * description of the package}. By any thread.
 */
@ProviderType
public interface Probes extends AutoCloseable {
  /**
   * Which part of the process's CPU time one probe or graph may take unless another one is given.
   */
  double BUDGET = 0.25;

  /**
   * Makes use of an agent's means.
   *
   * @param instrumentation of an agent that can retransform classes
   * @param buffers where events go
   * @return without any graph
   * @throws IOException if what instrumented code calls cannot be put on the boot class path
   * @throws IllegalStateException if the agent cannot retransform classes
   */
  static Probes of(Instrumentation instrumentation, Buffers buffers) throws IOException {
    return of(instrumentation, buffers, BUDGET);
  }

  /**
   * The same with another budget.
   *
   * @param instrumentation of an agent that can retransform classes
   * @param buffers where events go
   * @param budget which part of the process's CPU time one probe or graph may take, about; above it
   *     is turned off, with a line in the log; 1 for all
   * @return without any graph
   * @throws IOException if what instrumented code calls cannot be put on the boot class path
   * @throws IllegalStateException if the agent cannot retransform classes
   */
  static Probes of(Instrumentation instrumentation, Buffers buffers, double budget)
      throws IOException {
    return new Tracing(instrumentation, buffers, budget);
  }

  /**
   * Records calls and returns of methods from now on. A buffer has one graph at most.
   *
   * @param buffer the buffer's name
   * @param options which methods, and which of their calls
   * @return what it means now; classes to come are added
   * @throws IllegalArgumentException if the options are wrong, there is no such buffer, it has a
   *     graph already or too many methods are meant; nothing has changed then
   */
  GraphStatus graph(String buffer, GraphOptions options);

  /**
   * Ends a buffer's graph: the methods are as they were.
   *
   * @param buffer the buffer's name
   * @return what it was
   * @throws IllegalArgumentException if it has none
   */
  GraphStatus ungraph(String buffer);

  /**
   * The graphs that there are.
   *
   * @return a copy
   */
  List<GraphStatus> graphs();

  /**
   * Records an event at each entry or return of methods from now on.
   *
   * @param buffer the buffer's name
   * @param options which methods, and what of them
   * @return what it means now; classes to come are added
   * @throws IllegalArgumentException if the options are wrong, there is no such buffer, there is a
   *     probe of that name, an event cannot hold what is asked for or too many methods are meant;
   *     nothing has changed then
   */
  ProbeStatus probe(String buffer, ProbeOptions options);

  /**
   * Ends a probe: the methods are as they were.
   *
   * @param event its event, {@code orders_place} or {@code probe:orders_place}
   * @return what it was
   * @throws IllegalArgumentException if there is none
   */
  ProbeStatus unprobe(String event);

  /**
   * The probes that there are.
   *
   * @return a copy
   */
  List<ProbeStatus> probes();

  /** Ends all of it: every class is as it was. Does nothing the second time. */
  @Override
  void close();
}
