package org.pagewheel.shell.internal.print;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ColoursTest {
  private static final String DRAWING =
      """
      CPU 0: 5 pages of 4,080 bytes, 40% filled with 9,324 events
        reader                                    commit
         page          head                        tail
      +---------+   +---------+   +---------+   +---------+
      |none     |   |#0       |-->|111 pages|-->|#112     |
      |         |   |#########|   |#########|   |######...|
      |         |   |68 events|   |9196 ev  |   |60+open  |
      +---------+   +---------+   +---------+   +---------+
      """;

  @Test
  void withoutItsColoursItIsTheSameDrawing() {
    String painted = Colours.paint(DRAWING);
    assertEquals(DRAWING, painted.replaceAll("\u001b\\[[0-9]+m", ""));
  }

  @Test
  void whatMattersHasAColourAndNumbersOfPagesHaveNone() {
    String painted = Colours.paint(DRAWING);
    assertTrue(painted.contains("\u001b[32m#########\u001b[0m|"), painted);
    assertTrue(painted.contains("\u001b[32m######\u001b[0m\u001b[90m...\u001b[0m|"), painted);
    assertTrue(painted.contains("\u001b[36mhead\u001b[0m"), painted);
    assertTrue(painted.contains("\u001b[31m60+open\u001b[0m"), painted);
    assertTrue(painted.contains("|#0       |"), painted);
    assertFalse(painted.contains("\u001b[32m#1"), painted);
  }
}
