package org.pagewheel.shell.internal.print;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private record Row(String name, int pageSize, boolean on) {}

  @Test
  void alignsTextToTheLeftAndNumbersToTheRight() {
    Table<Row> table =
        new Table<>(
            Row.class, "none", List.of(new Row("main", 4096, true), new Row("b", 16, false)));
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
  void anEmptyTableSaysWhatWouldMakeARow() {
    Table<Row> table = new Table<>(Row.class, "no rows; ring:create NAME makes one", List.of());
    assertEquals("no rows; ring:create NAME makes one\n", table.format());
    assertEquals(table.format(), table.format(40));
  }

  @Test
  void onANarrowTerminalTheWidestColumnsAreCutOrFieldsListed() {
    Table<Row> table =
        new Table<>(
            Row.class,
            "none",
            List.of(new Row("a-very-long-name", 4096, true), new Row("b", 1 << 30, false)));
    assertEquals(table.format(), table.format(16 + 10 + 5 + 2 * 2));
    assertEquals(
        """
        name      page-size  on
        a-very..       4096  true
        b         1073741..  false
        """,
        table.format(26));
    assertEquals(
        """
        name       a-very-long-name
        page-size  4096
        on         true

        name       b
        page-size  1073741824
        on         false
        """,
        table.format(24));
    for (int columns = 25; columns < 40; columns++) {
      int most = columns;
      assertTrue(
          table.format(columns).lines().allMatch(line -> line.length() <= most),
          table.format(columns));
    }
  }
}
