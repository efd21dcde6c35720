package org.pagewheel.probes.internal;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.pagewheel.Buffers;
import org.pagewheel.probes.GraphOptions;
import org.pagewheel.probes.GraphStatus;
import org.pagewheel.probes.Probes;
import org.pagewheel.spi.WritableBuffer;

/** All graphs of one process. */
public final class Tracing implements Probes {
  private final Buffers buffers;
  private final Hook hook;
  private final Instrumenter instrumenter;
  private final Map<String, Graph> graphs = new TreeMap<>();

  /**
   * For {@link Probes#of}.
   *
   * @throws IOException if the hook cannot be put on the boot class path
   */
  public Tracing(Instrumentation instrumentation, Buffers buffers) throws IOException {
    this.buffers = buffers;
    this.instrumenter = new Instrumenter(instrumentation);
    this.hook = Hook.install(instrumentation);
  }

  @Override
  public synchronized GraphStatus graph(String buffer, GraphOptions options) {
    Graph old = graphs.get(buffer);
    if (old != null) {
      throw new IllegalArgumentException(
          "buffer " + buffer + " has a graph of " + old.options().pattern() + ": end it first");
    }
    Graph graph = new Graph((WritableBuffer) buffers.get(buffer), options, hook);
    try {
      instrumenter.add(graph);
    } catch (RuntimeException | Error e) {
      graph.end();
      throw e;
    }
    graphs.put(buffer, graph);
    return status(graph);
  }

  @Override
  public synchronized GraphStatus ungraph(String buffer) {
    Graph graph = graphs.remove(buffer);
    if (graph == null) {
      throw new IllegalArgumentException("buffer " + buffer + " has no graph");
    }
    GraphStatus status = status(graph);
    remove(graph);
    return status;
  }

  private void remove(Graph graph) {
    graph.end();
    instrumenter.remove(graph);
  }

  @Override
  public synchronized List<GraphStatus> graphs() {
    return graphs.values().stream().map(Tracing::status).toList();
  }

  private static GraphStatus status(Graph graph) {
    return new GraphStatus(
        graph.buffer().name(),
        graph.options(),
        graph.classes(),
        graph.methods(),
        graph.left().lines());
  }

  @Override
  public synchronized void close() {
    graphs.values().forEach(this::remove);
    graphs.clear();
  }
}
