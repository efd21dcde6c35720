package org.pagewheel.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The instructions of an event, with the real compiler, stepper and disassembler. */
class WhereTest {
  @Test
  void anEventOfTheLockFreeRingLocksOneWordAndReadsTheClockOnce()
      throws IOException, InterruptedException {
    Arguments arguments = Arguments.parse(List.of("--where", "record.24.lockfree.1t"));
    Where where = Where.measure(arguments.select(Catalogue.stepped()).getFirst());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    where.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertEquals(1, where.locked(), text);
    assertTrue(text.contains("RingMemory.casLong: lock cmpxchg\n"), text);
    assertTrue(text.contains("Writer.now, outside Java"), text);
    assertFalse(text.contains("syscall"), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mov    rax,QWORD PTR [rsi+0x8]          | L
          mov    QWORD PTR [rsi+0x8],rax          | S
          mov    eax,ebx                          |
          add    DWORD PTR [rsp+0x4],0x1          | LS
          add    rax,QWORD PTR [rsp]              | L
          cmp    BYTE PTR [r15+0x20],0x0          | L
          test   DWORD PTR [r10],eax              | L
          lea    rax,[rsi+rdx*8]                  |
          nop    WORD PTR cs:[rax+rax*1+0x0]      |
          lock cmpxchg QWORD PTR [rdi+0x10],rbx   | LSXW
          xchg   QWORD PTR [rdx],rax              | LSXW
          xchg   ax,ax                            |
          jne    0x40                             | B
          call   rax                              | S
          push   rbp                              | S
          ret                                     | L
          rdtscp                                  | W
          """)
  void anInstructionIsToldByWhatItDoes(String text, String expected) {
    Instruction instruction = new Instruction(text.strip());
    String told =
        (instruction.loads() ? "L" : "")
            + (instruction.stores() ? "S" : "")
            + (instruction.isBranch() ? "B" : "")
            + (instruction.isLocked() ? "X" : "")
            + (instruction.isSlow() ? "W" : "");
    assertEquals(expected == null ? "" : expected.strip(), told, text);
  }
}
