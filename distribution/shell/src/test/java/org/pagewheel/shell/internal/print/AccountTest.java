package org.pagewheel.shell.internal.print;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pagewheel.Clock;
import org.pagewheel.Counter;
import org.pagewheel.Counters;

class AccountTest {
  private static final Counters ONE =
      Counters.builder()
          .set(Counter.WRITTEN, 1000)
          .set(Counter.READ, 200)
          .set(Counter.OVERRUN, 300)
          .set(Counter.COMMIT_OVERRUN, 4)
          .set(Counter.DROPPED, 5)
          .set(Counter.DISABLED, 6)
          .set(Counter.DISCARDED, 9)
          .set(Counter.BYTES, 32_000)
          .set(Counter.PAGES_WRITTEN, 11)
          .set(Counter.PAGES_READ, 2)
          .set(Counter.PAGES_LOST, 3)
          .set(Counter.OLDEST, 1_500_000_000L)
          .build();
  private static final Counters QUIET =
      Counters.builder()
          .set(Counter.WRITTEN, 10)
          .set(Counter.READ, 10)
          .set(Counter.PAGES_WRITTEN, 1)
          .set(Counter.PAGES_READ, 1)
          .build();

  @Test
  void tellsEveryCounterByItsKernelName() {
    Account account =
        new Account(
            "main",
            "main: in words",
            2_000_000_001L,
            ShownTimes.of(Clock.MONO),
            List.of(0, 3),
            List.of(ONE, QUIET),
            ONE.plus(QUIET),
            null);
    assertEquals(
        """
        main: in words
                               total        cpu 0        cpu 3
        entries                  500          500            0
        overrun                  300          300            0
        commit overrun             4            4            0
        bytes                  32000        32000            0
        oldest event ts  1.500000000  1.500000000            -
        now ts           2.000000001  2.000000001  2.000000001
        dropped events             5            5            0
        read events              210          200           10
        written                 1010         1000           10
        disabled                   6            6            0
        too long                   0            0            0
        recursion                  0            0            0
        discarded                  9            9            0
        pages written             12           11            1
        pages read                 3            2            1
        pages lost                 3            3            0
        attempted 1,025 = written 1,010 + refused 15 (dropped 5, commit overrun 4, disabled 6)
        written 1,010 = read 210 + unread 500 + overrun 300
        """,
        account.format());
  }

  @Test
  void fitsATerminalOfFortyColumns() {
    Account account =
        new Account(
            "b",
            "b",
            2_000_000_001L,
            ShownTimes.of(Clock.MONO),
            List.of(0, 3),
            List.of(ONE, QUIET),
            ONE.plus(QUIET),
            null);
    List<String> lines = account.format(40).lines().toList();
    List<String> table = lines.subList(1, lines.size() - 2); // between words
    assertTrue(table.stream().allMatch(line -> line.length() <= 40), table::toString);
    for (String heading : List.of("total", "cpu 0", "cpu 3")) {
      assertEquals(1, table.stream().filter(line -> line.endsWith(heading)).count(), heading);
    }
    assertEquals(account.format(), account.format(80));
  }

  @Test
  void manyCpusStandBelowEachOther() {
    List<Integer> cpus = new ArrayList<>();
    List<Counters> counters = new ArrayList<>();
    for (int cpu = 0; cpu < 12; cpu++) {
      cpus.add(cpu);
      counters.add(QUIET);
    }
    String text =
        new Account(
                "b",
                "b",
                0,
                ShownTimes.of("counter", Optional.empty()),
                cpus,
                counters,
                QUIET,
                null)
            .format();
    text.lines().forEach(line -> assertTrue(line.length() <= 100, text));
    assertEquals(3, text.lines().filter(line -> line.contains("total")).count());
    assertTrue(text.contains("cpu 11"), text);
  }
}
