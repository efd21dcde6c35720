package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is generated may be such that the compiler leaves it to the interpreter, without a word. */
class CompiledStoreTest {
  record Filled(long id, double price, String venue, int[] parts) {}

  /** Writes more events than it takes to be compiled. */
  static final class Program {
    private Program() {}

    public static void main(String... arguments) {
      EventType<Filled> type = EventType.of("compiled", Filled.class);
      try (PageBuffer buffer = PageBuffer.of(4)) {
        int[] parts = {1, 2, 3};
        for (int i = 0; i < 50_000; i++) {
          type.record(buffer, new Filled(i, 1.5, "XETRA", parts));
        }
      }
    }
  }

  @Test
  void theMethodThatStoresAnEventIsCompiled() throws IOException, InterruptedException {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xbatch", // or the program ends before the compiler has begun
                "-XX:-TieredCompilation",
                "-XX:+PrintCompilation",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName())
            .redirectErrorStream(true)
            .start();
    List<String> stores;
    try (var lines = java.inputReader()) {
      stores = lines.lines().filter(line -> line.matches(".*\\$\\w+/0x\\w+::store \\(.*")).toList();
    }
    assertEquals(0, java.waitFor());
    assertFalse(stores.isEmpty(), "nothing was compiled");
    assertEquals(
        List.of(), stores.stream().filter(line -> line.contains("COMPILE SKIPPED")).toList());
  }
}
