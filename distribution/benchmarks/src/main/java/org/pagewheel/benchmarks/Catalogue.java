package org.pagewheel.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import org.pagewheel.Clock;
import org.pagewheel.benchmarks.Entry.Kind;
import org.pagewheel.spi.Backend;

/** All benchmarks, in the order in which they are run and shown. */
final class Catalogue {
  private static final int[] THREADS = {1, 2, 4, 8, 16};

  private final List<Entry> entries = new ArrayList<>();

  private Catalogue() {}

  /** With every backend on the class path. */
  static List<Entry> all() {
    TreeSet<String> backends = new TreeSet<>();
    ServiceLoader.load(Backend.class).forEach(backend -> backends.add(backend.name()));
    Catalogue catalogue = new Catalogue();
    catalogue.addFloor();
    catalogue.addParts();
    backends.forEach(catalogue::addRecord);
    if (backends.contains("lockfree")) {
      String heap = BufferUnderTest.LOCKFREE_HEAP;
      Map<String, String> on = Map.of("backend", heap);
      catalogue.addAll("record.24." + heap, RecordBenchmark.class, "raw24", on);
      catalogue.addClocks();
    }
    catalogue.addTraced();
    catalogue.addPeers();
    backends.forEach(catalogue::addReading);
    catalogue.addFloors();
    backends.forEach(catalogue::addTail);
    return catalogue.entries;
  }

  /** Those whose event can be stepped through. */
  static List<Entry> stepped() {
    return all().stream().filter(Where::canMeasure).toList();
  }

  private void add(
      String name,
      Class<?> type,
      String method,
      int threads,
      Map<String, String> parameters,
      Kind kind) {
    entries.add(new Entry(name, type, method, threads, parameters, kind));
  }

  /** The same with each number of threads. */
  private void addAll(String name, Class<?> type, String method, Map<String, String> parameters) {
    for (int threads : THREADS) {
      Kind kind = type == RecordBenchmark.class ? Kind.TIME_AND_BYTES : Kind.TIME;
      add(name + "." + threads + "t", type, method, threads, parameters, kind);
    }
  }

  private void addFloor() {
    add("floor.nanotime", FloorBenchmark.class, "nanoTime", 1, Map.of(), Kind.TIME);
    add("floor.cpunumber", FloorBenchmark.class, "cpuNumber", 1, Map.of(), Kind.TIME);
    add("record.off", OffBenchmark.class, "disabled", 1, Map.of(), Kind.TIME);
  }

  /** The parts of an event, each row with one more; and variants of them. */
  private void addParts() {
    Map<String, String> parts = Map.of("backend", "lockfree", "commit", "none");
    add("part.1.clock", TrialBenchmark.class, "clock", 1, Map.of(), Kind.TIME);
    add("part.2.ring", TrialBenchmark.class, "ring", 1, parts, Kind.TIME);
    add("part.3.look", TrialBenchmark.class, "look", 1, parts, Kind.TIME);
    add("part.4.exchange", TrialBenchmark.class, "exchange", 1, parts, Kind.TIME);
    add("part.5.header", TrialBenchmark.class, "header", 1, parts, Kind.TIME);
    add("part.6.payload", TrialBenchmark.class, "event", 1, parts, Kind.TIME);
    for (String variant : List.of("header", "word", "unchecked")) {
      Map<String, String> on = Map.of("backend", "lockfree", "commit", variant);
      String name = variant.equals("unchecked") ? "variant." : "variant.commit-";
      addAll(name + variant, TrialBenchmark.class, "event", on);
    }
  }

  private void addRecord(String backend) {
    Map<String, String> on = Map.of("backend", backend);
    addAll("record.8." + backend, RecordBenchmark.class, "raw8", on);
    addAll("record.24." + backend, RecordBenchmark.class, "raw24", on);
    addAll("record.100." + backend, RecordBenchmark.class, "raw100", on);
    addAll("typed.24." + backend, RecordBenchmark.class, "typed24", on);
    addAll("span." + backend, RecordBenchmark.class, "span", on);
    addAll("duration." + backend, RecordBenchmark.class, "duration", on);
    addAll("spliced.24." + backend, RecordBenchmark.class, "spliced24", on);
    addAll("record.24." + backend + ".consumers", RecordBenchmark.class, "consumed24", on);
    String paced = "paced.24." + backend;
    add(paced, PacedBenchmark.class, "alone", 1, on, Kind.WRITTEN);
    add(paced + ".consumers", PacedBenchmark.class, "consumed", 1, on, Kind.WRITTEN);
  }

  /** The clocks of the processor's counter, where they can be had. */
  private void addClocks() {
    try {
      Clock.x86Tsc();
      Clock.monoTsc();
    } catch (UnsupportedOperationException e) {
      System.err.println("without the clocks of the counter: " + e.getMessage());
      return;
    }
    add("floor.x86-tsc", CounterBenchmark.class, "x86Tsc", 1, Map.of(), Kind.TIME);
    add("floor.mono-tsc", CounterBenchmark.class, "monoTsc", 1, Map.of(), Kind.TIME);
    for (String clock : List.of("x86-tsc", "mono-tsc")) {
      Map<String, String> with = Map.of("backend", "lockfree", "clock", clock);
      addAll("record.24.lockfree." + clock, RecordBenchmark.class, "raw24", with);
      addAll("typed.24.lockfree." + clock, RecordBenchmark.class, "typed24", with);
    }
  }

  private void addTraced() {
    for (String tracing : List.of("none", "probe", "graph", "longer", "jfr")) {
      Map<String, String> on = Map.of("tracing", tracing);
      String name = tracing.equals("jfr") ? "peer.jfr-method" : "traced." + tracing;
      add(name, TracedBenchmark.class, "call", 1, on, Kind.TIME);
    }
    add("traced.timed", TracedBenchmark.class, "timed", 1, Map.of(), Kind.TIME);
  }

  private void addPeers() {
    addAll("peer.jfr", JfrBenchmark.class, "commit", Map.of("disk", "true"));
    addAll("peer.jfr-memory", JfrBenchmark.class, "commit", Map.of("disk", "false"));
    addAll("peer.agrona", AgronaBenchmark.class, "write", Map.of());
    addAll("peer.disruptor", DisruptorBenchmark.class, "publish", Map.of());
    addAll("peer.jctools", JctoolsBenchmark.class, "offer", Map.of());
  }

  private void addReading(String backend) {
    Map<String, String> on = Map.of("backend", backend);
    add("read.events." + backend, ReadBenchmark.class, "events", 1, on, Kind.TIME);
    add("read.pages." + backend, ReadBenchmark.class, "pages", 1, on, Kind.TIME);
    add("splice." + backend, SpliceBenchmark.class, "splice", 1, on, Kind.THROUGHPUT);
    String listen = backend.equals("lockfree") ? "network.listen" : "network.listen." + backend;
    add(listen, NetworkBenchmark.class, "listen", 1, on, Kind.THROUGHPUT);
  }

  private void addFloors() {
    add("splice.floor", SpliceBenchmark.class, "floor", 1, Map.of(), Kind.THROUGHPUT);
    add(
        "splice.floor.together",
        SpliceBenchmark.class,
        "floorTogether",
        1,
        Map.of(),
        Kind.THROUGHPUT);
    add("network.floor", NetworkBenchmark.class, "floor", 1, Map.of(), Kind.THROUGHPUT);
  }

  private void addTail(String backend) {
    Map<String, String> on = Map.of("backend", backend);
    for (int threads : THREADS) {
      String name = ".24." + backend + "." + threads + "t";
      add("tail" + name, TailBenchmark.class, "record", threads, on, Kind.DISTRIBUTION);
      add("tail-cpu" + name, TailBenchmark.class, "recordCpu", threads, on, Kind.DISTRIBUTION);
    }
  }
}
