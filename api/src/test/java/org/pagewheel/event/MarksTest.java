package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.event.internal.EventFields;
import org.pagewheel.event.internal.MarkFormat;
import org.pagewheel.event.internal.ThreadIds;

class MarksTest {
  private final PageBuffer buffer = PageBuffer.of(4);

  @AfterEach
  void close() {
    buffer.close();
  }

  @Test
  void aMarkIsTheKernelsPrintEvent() throws Exception {
    assertTrue(buffer.mark("hello"));
    MemorySegment event = buffer.pageRing().events().getFirst();
    assertEquals(5, event.get(EventFields.INT, 0));
    assertEquals(ThreadIds.current(), event.get(EventFields.INT, 4));
    assertEquals(0, event.get(EventFields.LONG, 8));
    byte[] text = event.asSlice(16).toArray(ValueLayout.JAVA_BYTE);
    assertEquals("hello\0\0\0", new String(text, StandardCharsets.UTF_8));
  }

  @Test
  void theFormatIsTheKernelsLetterByLetter() throws IOException {
    String kernel;
    try (var in = getClass().getResourceAsStream("print.format")) {
      kernel = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertEquals(kernel, MarkFormat.FORMAT.text());
    assertTrue(Metadata.process().formats().contains(MarkFormat.FORMAT));
  }

  @Test
  void aMarkThatIsTooLongIsCutAtACharacter() throws Exception {
    int room = buffer.pageRing().maxEventSize() - 16;
    String text = "x".repeat(room - 3) + "€€";
    assertTrue(buffer.mark(text));
    MemorySegment event = buffer.pageRing().events().getFirst();
    assertEquals(buffer.pageRing().maxEventSize(), event.byteSize());
    String stored = event.getString(16);
    assertTrue(Pattern.matches("x{" + (room - 3) + "}", stored), () -> stored);
  }

  @Test
  void disablingAllTypesLeavesTheMarks() throws Exception {
    buffer.events().disable("*");
    assertTrue(buffer.mark("still here"));
    assertEquals(1, buffer.pageRing().events().size());
  }

  @Test
  void nullIsShownAsSuch() throws Exception {
    assertTrue(buffer.mark(null));
    assertEquals("(null)", buffer.pageRing().events().getFirst().getString(16));
  }
}
