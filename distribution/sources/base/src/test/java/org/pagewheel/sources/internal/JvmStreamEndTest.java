package org.pagewheel.sources.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pagewheel.Buffers;
import org.pagewheel.runtime.Pagewheel;

/** The source ends with its threads, and says nothing of a JVM that ends before it has started. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class JvmStreamEndTest {
  private static final Map<String, String> SETTINGS =
      Map.of("pagewheel.buffers.main.backend", "heap", "pagewheel.sources.jvm.enabled", "false");

  @Test
  void afterACloseNoThreadRunsOurCode() throws Exception {
    try (Pagewheel pagewheel = Pagewheel.start(SETTINGS)) {
      Buffers buffers = pagewheel.buffers();
      for (int round = 0; round < 3; round++) {
        JvmStream stream = new JvmStream(buffers).start();
        try {
          while (round == 0 && !isStartingJfr() || round > 0 && written(buffers) == 0) {
            System.gc();
            Thread.sleep(1);
          }
        } finally {
          stream.close();
        }
        assertEquals(List.of(), threads());
      }
    }
  }

  private static boolean isStartingJfr() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(each -> each.getKey().getName().equals("pagewheel-jvm"))
        .flatMap(each -> Arrays.stream(each.getValue()))
        .anyMatch(frame -> frame.getClassName().startsWith("jdk.jfr."));
  }

  private static long written(Buffers buffers) {
    return buffers.find(JvmSource.BUFFER).map(jvm -> jvm.counters().written()).orElse(0L);
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.equals("pagewheel-jvm") || name.equals("pagewheel-jvm-room"))
        .toList();
  }

  @Test
  void aJvmThatEndsIsNoProblemOfTheSources() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Child.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("it did not start", output.strip());
    assertEquals(0, child.waitFor());
  }

  /** Starts the source when the JVM refuses JFR its hook. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      Buffers buffers = Pagewheel.start(SETTINGS).buffers();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> startLate(buffers)));
      System.exit(0);
    }

    private static void startLate(Buffers buffers) {
      Logger log = Logger.getLogger("org.pagewheel");
      log.setFilter( // the handlers are gone by now
          record -> {
            System.out.println(record.getMessage());
            return false;
          });
      JvmStream stream = new JvmStream(buffers).start();
      try {
        while (!threads().isEmpty()) {
          Thread.sleep(10);
        }
        System.out.println(written(buffers) == 0 ? "it did not start" : "it started");
      } catch (InterruptedException e) {
        System.out.println(e);
      } finally {
        stream.close();
      }
    }
  }
}
