package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.pagewheel.Buffer;

/** The snippets of the manual: they stand here, compiled and run. */
class ManualTest {
  enum Side {
    BUY,
    SELL
  }

  record OrderFilled(long id, double price, Side side, @Limit(64) String venue) {}

  static final EventType<OrderFilled> FILLED = EventType.of("shop", OrderFilled.class);

  private static void write(Buffer buffer) {
    FILLED.record(buffer, new OrderFilled(17, 101.25, Side.BUY, "XETRA"));
  }

  private static void choose(Buffer buffer) {
    buffer.events().disable("shop:*");
    buffer.events().enable("shop:order_*"); // the last one that matches a type decides
  }

  @Test
  void theManualPrintsWhatItSays() throws Exception {
    PageBuffer buffer = PageBuffer.of(1);
    write(buffer);
    var report = TinyTraceFile.report(List.of(FILLED.format()), Map.of(), buffer.pageRing());
    assertEquals(1, report.size(), report::toString);
    String line = report.getFirst().replaceAll(" +", " ");
    assertTrue(
        line.endsWith("order_filled: id=17 price=101.250000 side=BUY venue=XETRA"), () -> line);
    buffer.close();
  }

  @Test
  void theLastPatternDecides() {
    PageBuffer buffer = PageBuffer.of(1);
    choose(buffer);
    assertTrue(FILLED.isEnabled(buffer));
    assertFalse(buffer.events().isEnabled("shop", "stock_taken"));
    buffer.close();
  }

  @Test
  void everySnippetOfTheManualStandsInThisTest() throws IOException {
    Path here = Path.of("src/test/java/org/pagewheel/event/ManualTest.java");
    Path sources = Path.of("src/main/java/org/pagewheel/event");
    String compiled = plain(Files.readString(here));
    int snippets = 0;
    for (String file : List.of("package-info.java", "EventType.java")) {
      String source = Files.readString(sources.resolve(file));
      var snippet = Pattern.compile("\\{@snippet :\\n(.*?)\\n \\* }\\n", Pattern.DOTALL);
      for (var found : snippet.matcher(source).results().toList()) {
        for (String part : found.group(1).split("\\n \\*\\n")) {
          String code = plain(part.replaceAll("(?m)^ \\* ?", ""));
          assertTrue(compiled.contains(code), () -> file + " shows what is not compiled: " + code);
        }
        snippets++;
      }
    }
    assertEquals(4, snippets);
  }

  private static String plain(String code) {
    return code.replaceAll("\\s+", " ").strip();
  }
}
