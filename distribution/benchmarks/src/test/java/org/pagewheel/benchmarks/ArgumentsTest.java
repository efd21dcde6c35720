package org.pagewheel.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
  @Test
  void aPatternIsFoundAnywhereInANameOfAResult() {
    Arguments arguments =
        Arguments.parse(List.of("--quick", "--tsv", "tail\\.24\\.heap\\.1t\\.p99$"));
    assertTrue(arguments.quick() && arguments.tsv());
    assertEquals(
        List.of("tail.24.heap.1t"),
        arguments.select(Catalogue.all()).stream().map(Entry::name).toList());
  }

  @Test
  void withoutAPatternEverythingIsRun() {
    assertEquals(Catalogue.all(), Arguments.parse(List.of()).select(Catalogue.all()));
  }

  @Test
  void whatIsWrongIsSaidInOneLine() {
    assertEquals(
        "unknown option --fast; usage: run [--quick] [--tsv] [--list] [PATTERN]",
        refused("--fast"));
    assertEquals(
        "only one PATTERN is taken, not also peer; usage: run [--quick] [--tsv] [--list] [PATTERN]",
        refused("record", "peer"));
    assertEquals(
        "no benchmark's name matches nonsense; run --list shows them", refused("nonsense"));
    assertEquals(
        "PATTERN *.heap is no regular expression: Dangling meta character '*'", refused("*.heap"));
  }

  private static String refused(String... words) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> Arguments.parse(List.of(words)).select(Catalogue.all()))
        .getMessage();
  }
}
