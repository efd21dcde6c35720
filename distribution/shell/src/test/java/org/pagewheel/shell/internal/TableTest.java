package org.pagewheel.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private record Row(String name, int pageSize, boolean on) {}

  @Test
  void alignsTextToTheLeftAndNumbersToTheRight() {
    Table<Row> table =
        new Table<>(Row.class, List.of(new Row("main", 4096, true), new Row("b", 16, false)));
    assertEquals(
        """
        name  page-size  on
        main       4096  true
        b            16  false
        """,
        table.format());
    assertEquals(16, table.get(1).pageSize());
  }

  @Test
  void anEmptyTableHasItsHeading() {
    assertEquals("name  page-size  on\n", new Table<>(Row.class, List.of()).format());
  }
}
