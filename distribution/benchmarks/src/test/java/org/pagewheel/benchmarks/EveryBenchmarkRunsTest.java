package org.pagewheel.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each benchmark once with each backend, for a moment, in this JVM: that it runs, not how fast. */
class EveryBenchmarkRunsTest {
  private static final int THREADS = 2;

  @TestFactory
  Stream<DynamicTest> runs() {
    Measurement moment = new Measurement(0, 0, 1, 10);
    return Catalogue.all().stream()
        .filter(entry -> entry.threads() == THREADS || !entry.name().matches(".*\\.[0-9]+t"))
        .map(entry -> DynamicTest.dynamicTest(entry.name(), () -> check(entry, moment.run(entry))));
  }

  private static void check(Entry entry, List<Row> rows) {
    assertEquals(entry.names(), rows.stream().map(Row::name).toList());
    rows.forEach(row -> assertTrue(row.value() > 0, row.toString()));
  }

  @Test
  void namesAreUniqueAndAsPromised() {
    List<String> names = Catalogue.all().stream().flatMap(entry -> entry.names().stream()).toList();
    Set<String> distinct = new HashSet<>(names);
    assertEquals(names.size(), distinct.size());
    assertTrue(
        distinct.containsAll(
            List.of(
                "record.24.heap.1t",
                "record.24.heap.2t",
                "record.off",
                "floor.nanotime",
                "peer.jfr.1t",
                "peer.agrona.1t",
                "splice.heap",
                "splice.floor",
                "network.listen",
                "network.floor",
                "record.24.lockfree.consumers.1t",
                "paced.24.lockfree",
                "paced.24.lockfree.consumers")));
  }
}
