package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;

/** Events become lines of text, whatever their bytes are. */
class EventTextTest {
  private static final PageFormat PAGES = PageFormat.of(4096);

  private static final String COMMON =
      """
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      """;

  @TempDir Path directory;

  private static EventFormat format(int id, String name, String fields, String print) {
    String text = "name: " + name + "\nID: " + id + "\nformat:\n" + COMMON + fields + "\n";
    return new EventFormat(id, "demo", name, text + "print fmt: " + print + "\n");
  }

  private static String field(String declaration, int offset, int size, int signed) {
    return "\tfield:%s;\toffset:%d;\tsize:%d;\tsigned:%d;\n"
        .formatted(declaration, offset, size, signed);
  }

  private static ByteBuffer payload(int id, int size) {
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.putShort(0, (short) id).putInt(4, 4251);
  }

  private static String text(EventFormat format, ByteBuffer payload) {
    MemorySegment memory = MemorySegment.ofArray(payload.array());
    EventText text = new EventText(List.of(format), PAGES);
    assertEquals(4251, text.pid(memory, 0, payload.capacity()));
    return text.text(memory, 0, payload.capacity());
  }

  @Test
  void numbersAreShownByTheirType() {
    String fields =
        field("s8 a", 8, 1, 1)
            + field("u16 b", 10, 2, 0)
            + field("bool c", 12, 1, 0)
            + field("void * d", 16, 8, 0)
            + field("u64 e", 24, 8, 0)
            + field("u64 f", 32, 8, 0);
    ByteBuffer payload =
        payload(7, 40).put(8, (byte) -3).putShort(10, (short) -2).put(12, (byte) 1);
    payload.putLong(16, 0xffff_8000_0000_0001L).putLong(24, -1).putDouble(32, -2.5);
    assertEquals(
        "numbers: a=-3 b=65534 c=true d=0xffff800000000001 e=18446744073709551615 f=-2.5",
        text(format(7, "numbers", fields, "\"%s\", ((REC->f >> 52) % 2048)"), payload));
  }

  @Test
  void symbolsAndFlagsAreNamed() {
    String fields =
        field("int side", 8, 4, 1) + field("int other", 12, 4, 1) + field("u32 set", 16, 4, 0);
    String print =
        "\"%s %s %s\", __print_symbolic(REC->side, { 0, \"BUY, {or\\\" }\" }, { 0xffffffff, \"no\""
            + " }), __print_symbolic((int) REC->other, { A, \"A\" }, { (1 << 2), \"four\" }),"
            + " __print_flags(REC->set, \"|\", { 1, \"X\" }, { 2UL << 1, \"Y\" })";
    ByteBuffer payload = payload(7, 20).putInt(12, 4).putInt(16, 1 | 4 | 64);
    EventFormat format = format(7, "symbols", fields, print);
    assertEquals("symbols: side=BUY, {or\" } other=four set=X|Y|0x40", text(format, payload));
    payload.putInt(8, -1).putInt(12, 5).putInt(16, 0);
    assertEquals("symbols: side=no other=5 set=", text(format, payload));
  }

  @Test
  void theHighestOf64FlagsIsNamedThoughItStandsByItself() {
    String fields = field("u64 set", 8, 8, 0);
    String print =
        "\"set={%s%s%s}\", __print_flags(REC->set & 0x7fffffffffffffff, \"|\", { 0x1, \"A\" },"
            + " { 0x4000000000000000, \"Y\" }), (REC->set >> 63) ? ((REC->set << 1) ? \"|\" :"
            + " \"\") : \"\", (REC->set >> 63) ? \"Z\" : \"\"";
    EventFormat format = format(7, "flags", fields, print);
    ByteBuffer payload = payload(7, 16).putLong(8, 0xc000_0000_0000_0001L);
    assertEquals("flags: set=A|Y|Z", text(format, payload));
    assertEquals("flags: set=Z", text(format, payload.putLong(8, Long.MIN_VALUE)));
    assertEquals("flags: set=", text(format, payload.putLong(8, 0)));
  }

  @Test
  void stringsAndArraysAreShownWhole() {
    String fields =
        field("char venue[8]", 8, 8, 0)
            + field("__data_loc char[] symbol", 16, 4, 0)
            + field("__rel_loc s64[] fills", 20, 4, 1)
            + field("int levels[3]", 24, 12, 1)
            + field("unsigned char mac[2]", 36, 2, 0);
    ByteBuffer payload = payload(7, 64);
    payload.put(8, "XETR".getBytes(StandardCharsets.UTF_8));
    payload.putInt(16, 6 << 16 | 40).put(40, "Zürich".getBytes(StandardCharsets.UTF_8), 0, 5);
    payload.putInt(20, 16 << 16 | 48 - 24).putLong(48, -5).putLong(56, 9);
    payload.putInt(24, 1).putInt(28, -1).putInt(32, 3).put(36, (byte) 0xaa).put(37, (byte) 1);
    assertEquals(
        "arrays: venue=XETR symbol=Züri fills=[-5,9] levels=[1,-1,3] mac=[170,1]",
        text(format(7, "arrays", fields, "\"\""), payload));
  }

  /** The kernel gives the length of a stack in its field, and in the format that of any. */
  @Test
  void ofAnArrayThatEndsAnEventThereIsWhatItHasRoomFor() {
    String fields = field("int size", 8, 4, 1) + field("unsigned long caller[3]", 16, 24, 0);
    String print =
        "\"\\t=> %ps\\n\\t=> %ps\\n\\t=> %ps\\n\", (void *)REC->caller[0],"
            + " (void *)REC->caller[1], (void *)REC->caller[2]";
    EventFormat stack = format(4, "kernel_stack", fields, print);
    EventText events =
        new EventText(List.of(stack), PAGES, "1000 T one\n2000 T two\n3000 T three\n");
    ByteBuffer payload = payload(4, 32).putInt(8, 2).putLong(16, 0x1004).putLong(24, 0x2000);
    MemorySegment memory = MemorySegment.ofArray(payload.array());
    assertEquals("kernel_stack: \\t=> one\\n\\t=> two", events.report(memory, 0, 32));
    assertEquals("kernel_stack: size=2 caller=[4100,8192]", events.text(memory, 0, 32));
    assertEquals("kernel_stack: \\t=> one", events.report(memory, 0, 28));
    assertEquals("kernel_stack: size=2 caller=(damaged)", events.report(memory, 0, 12));
  }

  @Test
  void controlCharactersDoNotReachTheTerminal() {
    ByteBuffer payload = payload(5, 24).put(8, "a\nb\u001b[2J".getBytes(StandardCharsets.UTF_8));
    assertEquals(
        "print: buf=a\\nb\\u001b[2J",
        text(format(5, "print", field("char buf[]", 8, 0, 0), ""), payload));
  }

  @Test
  void whatDoesNotFitInThePayloadIsNotRead() {
    String fields =
        field("int n", 8, 4, 1)
            + field("__data_loc char[] s", 12, 4, 0)
            + field("u64 far", 4000, 8, 0)
            + field("u64 huge", 999999999, 999999999, 0);
    ByteBuffer payload = payload(7, 16).putInt(12, 5 << 16 | 12);
    assertEquals(
        "odd: n=0 s=(damaged) far=(damaged) huge=(damaged)",
        text(format(7, "odd", fields, ""), payload));
    assertEquals(
        "unknown event 8: 08 00 00 00 9b 10 00 00", text(format(7, "odd", "", ""), payload(8, 8)));
  }

  @Test
  void anyTextIsTakenForAFormatInGoodTime() {
    String calls = "__print_flags(".repeat(100_000) + "{ 1, \"".repeat(100_000);
    String field = "\tfield:" + "x [".repeat(100_000) + ";\toffset:8;\tsize:4;\tsigned:1;\n";
    EventFormat format = format(7, "odd", field.repeat(5), calls);
    assertEquals("odd:", text(format, payload(7, 16)));
  }

  @Test
  void randomBytesUnderKernelFormatsMakeOneLineEach() throws Exception {
    Path file = TraceCmd.resource(directory, "kernel/idle.dat");
    try (TraceFile trace = TraceFile.open(file)) {
      List<EventFormat> formats = trace.metadata().formats();
      EventText text =
          new EventText(formats, trace.metadata().pageFormat(), trace.metadata().kallsyms());
      Random random = new Random(1);
      for (int i = 0; i < 20_000; i++) {
        byte[] bytes = new byte[random.nextInt(2, 200)];
        random.nextBytes(bytes);
        int id = formats.get(random.nextInt(formats.size())).id();
        bytes[0] = (byte) id;
        bytes[1] = (byte) (id >> 8);
        MemorySegment event = MemorySegment.ofArray(bytes);
        for (String line :
            List.of(text.text(event, 0, bytes.length), text.report(event, 0, bytes.length))) {
          assertFalse(line.chars().anyMatch(Character::isISOControl), line);
          assertTrue(line.startsWith(text.name(id) + ":"), line);
        }
      }
    }
  }

  @Test
  void aKernelsEventsReadAsTheyShould() throws Exception {
    Path file = TraceCmd.resource(directory, "kernel/idle.dat");
    List<String> lines = new ArrayList<>();
    try (TraceFile trace = TraceFile.open(file)) {
      EventText text = new EventText(trace.metadata().formats(), trace.metadata().pageFormat());
      PageStream pages = trace.pages(0, 1);
      PageCursor cursor = new PageCursor(pages.format());
      for (MemorySegment page = pages.next(); page != null; page = pages.next()) {
        cursor.reset(page);
        while (cursor.next()) {
          lines.add(text.text(page, cursor.payloadOffset(), cursor.payloadLength()));
        }
      }
      assertNull(text.name(65_000));
    }
    assertEquals("print: ip=0xffffffff8149ab1a buf=marker 1\\n", lines.get(0));
    assertEquals(
        "sched_switch: prev_comm=cap.sh prev_pid=22800 prev_prio=120 prev_state=1"
            + " next_comm=cap.sh next_pid=22810 next_prio=120",
        lines.get(1));
  }
}
