package org.pagewheel.shell.internal.print;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ExcerptTest {
  private static String excerpt(int lines, Excerpt excerpt) {
    boolean more = true;
    for (int i = 0; i < lines && more; i++) {
      more =
          excerpt.test(new EventLines.Line("   t-" + i + ":", i % 2 == 0 ? "a:" : "bb:", "n=" + i));
    }
    return excerpt.text();
  }

  @Test
  void showsTheBeginningAndGoesOnFromTheLineWanted() {
    assertEquals(
        """
        t-0: a:  n=0
        ...
        t-5: bb: n=5
        t-6: a:  n=6\
        """,
        excerpt(100, new Excerpt(1, "n=5", 2)));
  }

  @Test
  void leavesNothingOutWhereNothingIsBetween() {
    assertEquals("t-0: a:  n=0\nt-1: bb: n=1", excerpt(100, new Excerpt(1, "n=1", 1)));
    assertEquals("t-0: a: n=0", excerpt(100, new Excerpt(3, "n=0", 1)));
  }

  @Test
  void showsTheBeginningWhereTheLineIsMissing() {
    assertEquals("t-0: a:  n=0\nt-1: bb: n=1\nt-2: a:  n=2", excerpt(100, new Excerpt(1, "x", 2)));
    assertEquals("", excerpt(0, new Excerpt(1, "x", 2)));
  }

  @Test
  void cutsLongLines() {
    Excerpt excerpt = new Excerpt(1, "x", 2);
    excerpt.test(new EventLines.Line("head:", "a:", "y".repeat(200)));
    assertEquals("head: a: " + "y".repeat(88) + "...", excerpt.text());
  }
}
