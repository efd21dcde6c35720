package org.pagewheel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.pagewheel.spi.WritableBuffer;

/** The program that {@link Where} steps through: writes events until it is killed. */
final class WhereLoop {
  private static final String TYPED = "typed24";

  /** The methods of {@link RecordBenchmark} whose event it can write. */
  static final List<String> EVENTS = List.of("raw24", TYPED);

  /** Bursts after which the compilers, for which this thread waits, have nothing left to do. */
  private static final int WARM_UP = 5_000;

  private static final int BURST = 1_000;

  private static long last;

  private WhereLoop() {}

  /**
   * Says which thread it is when all is compiled.
   *
   * @param words one of {@link #EVENTS}, the backend, and the clock
   */
  public static void main(String[] words) throws IOException {
    boolean typed = words[0].equals(TYPED);
    BufferUnderTest target = new BufferUnderTest();
    target.backend = words[1];
    target.clock = words[2];
    target.open();
    for (int i = 0; i < WARM_UP; i++) {
      burst(target.buffer, typed);
    }
    Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
    System.out.println("step " + self.getFileName());
    while (true) {
      burst(target.buffer, typed);
    }
  }

  private static void burst(WritableBuffer buffer, boolean typed) {
    for (int i = 0; i < BURST; i++) {
      event(buffer, typed, ++last);
    }
  }

  /** Never inlined: its first instruction is where an event begins. */
  private static boolean event(WritableBuffer buffer, boolean typed, long value) {
    return typed ? RecordBenchmark.typed(buffer, value) : RecordBenchmark.write24(buffer, value);
  }
}
