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
        "unknown option --fast; usage: run [--quick] [--tsv] [--list] [--where] [PATTERN]",
        refused("--fast"));
    assertEquals(
        "only one PATTERN is taken, not also peer; usage: run [--quick] [--tsv] [--list] [--where]"
            + " [PATTERN]",
        refused("record", "peer"));
    assertEquals(
        "no benchmark's name matches nonsense; run --list shows them", refused("nonsense"));
    assertEquals(
        "PATTERN *.heap is not a regular expression: Dangling meta character '*'",
        refused("*.heap"));
  }

  @Test
  void onlyAnEventOfOneThreadCanBeSteppedThrough() {
    Arguments arguments = Arguments.parse(List.of("--where", "lockfree"));
    List<String> names = arguments.select(Catalogue.stepped()).stream().map(Entry::name).toList();
    assertEquals(
        List.of("record.24.lockfree.1t", "typed.24.lockfree.1t", "record.24.lockfree-heap.1t"),
        names.stream().filter(name -> !name.contains("-tsc.")).toList()); // where it can be had
    assertTrue(names.stream().allMatch(name -> name.endsWith(".1t")), names::toString);
    Arguments peer = Arguments.parse(List.of("--where", "peer"));
    assertEquals(
        "no benchmark's name matches peer of those that --where can step through;"
            + " run --list --where shows them",
        assertThrows(IllegalArgumentException.class, () -> peer.select(Catalogue.stepped()))
            .getMessage());
    assertEquals(
        "--where counts instructions, it takes neither --quick nor --tsv;"
            + " usage: run [--quick] [--tsv] [--list] [--where] [PATTERN]",
        refused("--where", "--tsv"));
  }

  private static String refused(String... words) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> Arguments.parse(List.of(words)).select(Catalogue.all()))
        .getMessage();
  }
}
