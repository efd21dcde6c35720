package org.pagewheel.probes.internal;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.pagewheel.Buffers;
import org.pagewheel.probes.GraphOptions;
import org.pagewheel.probes.GraphStatus;
import org.pagewheel.probes.ProbeOptions;
import org.pagewheel.probes.ProbeStatus;
import org.pagewheel.probes.Probes;
import org.pagewheel.spi.Log;
import org.pagewheel.spi.Nearest;
import org.pagewheel.spi.Reason;
import org.pagewheel.spi.WritableBuffer;

/** All graphs of one process. */
public final class Tracing implements Probes {
  private final Buffers buffers;
  private final Hook hook;
  private final Instrumenter instrumenter;
  private final Opening opening;
  private final Map<String, Graph> graphs = new TreeMap<>();
  private final Map<String, Probe> probes = new TreeMap<>();
  private final Budget budget;

  /** Why those are off that took too much. */
  private final Map<Insertion, String> off = new IdentityHashMap<>();

  /**
   * For {@link Probes#of}.
   *
   * @throws IOException if the hook cannot be put on the boot class path
   */
  public Tracing(Instrumentation instrumentation, Buffers buffers, double share)
      throws IOException {
    this.buffers = buffers;
    this.instrumenter = new Instrumenter(instrumentation);
    this.hook = Hook.install(instrumentation);
    this.opening = new Opening(instrumentation);
    this.budget = new Budget(share, this::active, this::turnOff);
  }

  private synchronized List<Insertion> active() {
    List<Insertion> active = new ArrayList<>(graphs.values());
    active.addAll(probes.values());
    active.removeAll(off.keySet());
    return active;
  }

  private synchronized void turnOff(Insertion insertion, String why) {
    if (!graphs.containsValue(insertion) && !probes.containsValue(insertion)) {
      return; // somebody has ended it meanwhile
    }
    off.put(insertion, why);
    String what;
    if (insertion instanceof Probe probe) {
      quietly(() -> remove(probe));
      what = "probe " + probe.event();
    } else {
      Graph graph = (Graph) insertion;
      quietly(() -> remove(graph));
      what = "the graph of buffer " + graph.buffer().name();
    }
    Log.warning(what + " is turned off: " + why);
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
    budget.start();
    return status(graph);
  }

  @Override
  public synchronized GraphStatus ungraph(String buffer) {
    Graph graph = graphs.remove(buffer);
    if (graph == null) {
      throw new IllegalArgumentException("buffer " + buffer + " has no graph");
    }
    GraphStatus status = status(graph);
    if (off.remove(graph) == null) {
      remove(graph);
    }
    return status;
  }

  private void remove(Graph graph) {
    graph.end();
    instrumenter.remove(graph);
  }

  @Override
  public synchronized List<GraphStatus> graphs() {
    return graphs.values().stream().map(this::status).toList();
  }

  private GraphStatus status(Graph graph) {
    return new GraphStatus(
        graph.buffer().name(),
        graph.options(),
        graph.classes(),
        graph.methods(),
        graph.calls(),
        Budget.nanos(graph),
        Optional.ofNullable(off.get(graph)),
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
      instrumenter.again(probe, probe.linkLoaded());
    } catch (RuntimeException | Error e) {
      remove(probe);
      throw e;
    }
    probes.put(probe.event(), probe);
    budget.start();
    return status(probe);
  }

  private void remove(Probe probe) {
    try {
      instrumenter.remove(probe);
    } finally {
      probe.end(); // whatever code is still in, it records nothing
    }
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
    if (off.remove(probe) == null) {
      remove(probe);
    }
    return status;
  }

  @Override
  public synchronized List<ProbeStatus> probes() {
    return probes.values().stream().map(this::status).toList();
  }

  private ProbeStatus status(Probe probe) {
    return new ProbeStatus(
        probe.buffer().name(),
        Definition.SYSTEM + ":" + probe.event(),
        probe.options(),
        probe.classes(),
        probe.methods(),
        probe.hits(),
        Budget.nanos(probe),
        Optional.ofNullable(off.get(probe)),
        probe.left().lines());
  }

  @Override
  public synchronized void close() {
    budget.stop();
    try {
      graphs.values().forEach(graph -> quietly(() -> remove(graph)));
      probes.values().forEach(probe -> quietly(() -> remove(probe)));
    } finally {
      graphs.clear();
      off.clear();
      probes.clear();
    }
  }

  /** One that cannot be taken out keeps none of the others in. */
  private static void quietly(Runnable removal) {
    try {
      removal.run();
    } catch (RuntimeException | Error e) {
      Log.warning("a probe or graph could not be taken out: " + Reason.of(e));
    }
  }
}
