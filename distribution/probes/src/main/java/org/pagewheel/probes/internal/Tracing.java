package org.pagewheel.probes.internal;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.pagewheel.Buffers;
import org.pagewheel.probes.GraphOptions;
import org.pagewheel.probes.GraphStatus;
import org.pagewheel.probes.ProbeOptions;
import org.pagewheel.probes.ProbeStatus;
import org.pagewheel.probes.Probes;
import org.pagewheel.spi.Nearest;
import org.pagewheel.spi.WritableBuffer;

/** All graphs of one process. */
public final class Tracing implements Probes {
  private final Buffers buffers;
  private final Hook hook;
  private final Instrumenter instrumenter;
  private final Opening opening;
  private final Map<String, Graph> graphs = new TreeMap<>();
  private final Map<String, Probe> probes = new TreeMap<>();

  /**
   * For {@link Probes#of}.
   *
   * @throws IOException if the hook cannot be put on the boot class path
   */
  public Tracing(Instrumentation instrumentation, Buffers buffers) throws IOException {
    this.buffers = buffers;
    this.instrumenter = new Instrumenter(instrumentation);
    this.hook = Hook.install(instrumentation);
    this.opening = new Opening(instrumentation);
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
  public synchronized ProbeStatus probe(String buffer, ProbeOptions options) {
    Probe probe = new Probe((WritableBuffer) buffers.get(buffer), options, opening);
    if (probes.containsKey(probe.event())) {
      throw new IllegalArgumentException(
          "there is a probe "
              + probe.event()
              + " of "
              + probes.get(probe.event()).options().pattern()
              + ": another name, or end that one first");
    }
    try {
      instrumenter.add(probe);
      probe.linkLoaded();
    } catch (RuntimeException | Error e) {
      remove(probe);
      throw e;
    }
    probes.put(probe.event(), probe);
    return status(probe);
  }

  private void remove(Probe probe) {
    instrumenter.remove(probe);
    probe.end();
  }

  @Override
  public synchronized ProbeStatus unprobe(String event) {
    String prefix = Definition.SYSTEM + ":";
    String name = event.startsWith(prefix) ? event.substring(prefix.length()) : event;
    Probe probe = probes.remove(name);
    if (probe == null) {
      throw new IllegalArgumentException(
          "no probe " + name + ", " + Nearest.hint(name, probes.keySet()));
    }
    ProbeStatus status = status(probe);
    remove(probe);
    return status;
  }

  @Override
  public synchronized List<ProbeStatus> probes() {
    return probes.values().stream().map(Tracing::status).toList();
  }

  private static ProbeStatus status(Probe probe) {
    return new ProbeStatus(
        probe.buffer().name(),
        Definition.SYSTEM + ":" + probe.event(),
        probe.options(),
        probe.classes(),
        probe.methods(),
        probe.hits(),
        probe.left().lines());
  }

  @Override
  public synchronized void close() {
    graphs.values().forEach(this::remove);
    graphs.clear();
    probes.values().forEach(this::remove);
    probes.clear();
  }
}
