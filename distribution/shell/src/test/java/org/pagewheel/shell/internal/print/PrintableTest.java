package org.pagewheel.shell.internal.print;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing that comes from elsewhere gives the terminal orders. */
class PrintableTest {
  private static final String EVIL = "\u001b[31mE\u009bx\u007f\r";
  private static final String SHOWN = "\\x1b[31mE\\x9bx\\x7f\\x0d";

  record Row(String name) {}

  @Test
  void controlCharactersAreShownByTheirNumber() {
    assertEquals(SHOWN, Printable.of(EVIL));
    assertEquals("ä\t…\n", Printable.of("ä\t…\n"));
  }

  @Test
  void whatStaysOneLineHasNeitherLineEndsNorTurns() {
    assertEquals("a\\x0ab\\u202ec\\u2066\\u2028ä", Printable.line("a\nb\u202ec\u2066\u2028ä"));
    List<List<String>> cells = List.of(List.of("top", "x"), List.of("a\nb", EVIL));
    assertEquals("top     x\na\\x0ab  " + SHOWN + "\n", Table.fitted(cells, new boolean[2], 80));
  }

  @Test
  void whateverIsPrintedShowsThem() {
    assertEquals(SHOWN + " " + SHOWN, new EventLines.Line(EVIL, EVIL, "").text(0));
    assertEquals(
        "name\n" + SHOWN + "\n", new Table<>(Row.class, "none", List.of(new Row(EVIL))).format());
    assertEquals(SHOWN, new Lines(List.of(EVIL)).format());
  }
}
