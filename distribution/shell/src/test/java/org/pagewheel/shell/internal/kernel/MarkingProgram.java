package org.pagewheel.shell.internal.kernel;

import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.pagewheel.Buffer;
import org.pagewheel.Buffers;
import org.pagewheel.event.EventType;
import org.pagewheel.runtime.Administration;
import org.pagewheel.runtime.Pagewheel;
import org.pagewheel.shell.internal.PlainShell;
import org.pagewheel.shell.internal.command.Services;

/**
 * Records numbered events, and after each of them writes its number into the kernel's buffer of the
 * recording: by a thread whose name is too long for a kernel.
 */
final class MarkingProgram {
  static final int MARKS = 200;

  /** Of the clock, and of the number of marks if there are to be more. */
  static final String CLOCK = "MARKING_CLOCK";

  static final String COUNT = "MARKING_COUNT";

  static final String THREAD = "writes-marks-between-events";

  record Tick(int number) {}

  private MarkingProgram() {}

  /** Without an argument it ends after its marks; else it makes that file and waits for a byte. */
  public static void main(String[] arguments) throws Exception {
    Pagewheel pagewheel =
        Pagewheel.start(
            Map.of(
                "pagewheel.buffers.main.backend",
                "heap",
                "pagewheel.buffers.main.clock",
                System.getenv().getOrDefault(CLOCK, "mono"),
                "pagewheel.sources.jvm.enabled",
                "false"));
    EventType<Tick> type = EventType.of("marks", Tick.class);
    Buffer buffer = pagewheel.buffers().get("main");
    Thread marks = Thread.ofPlatform().name(THREAD).start(() -> mark(type, buffer));
    marks.join();
    if (arguments.length > 0) {
      PlainShell shell = new PlainShell(services(pagewheel));
      shell.openControl(System.getenv());
      Files.createFile(Path.of(arguments[0]));
      System.in.read();
    }
    pagewheel.close();
  }

  private static Services services(Pagewheel pagewheel) {
    return new Services() {
      @Override
      public Buffers buffers() {
        return pagewheel.buffers();
      }

      @Override
      public Administration administration() {
        return pagewheel.administration();
      }
    };
  }

  private static void mark(EventType<Tick> type, Buffer buffer) {
    try (FileOutputStream marker = new FileOutputStream(marker().toFile())) {
      int count = Integer.parseInt(System.getenv().getOrDefault(COUNT, "" + MARKS));
      for (int i = 0; i < count; i++) {
        type.record(buffer, new Tick(i));
        marker.write(("number " + i + "\n").getBytes(StandardCharsets.US_ASCII));
        if (i % 20 == 0) {
          Thread.sleep(1); // the kernel switches to another thread and back
        }
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** That of the one recording that there is; where the kernel is not traced, marks go nowhere. */
  private static Path marker() throws Exception {
    if (System.getenv(RecordTest.UNTRACED) != null) {
      return Path.of("/dev/null");
    }
    Path instances = Tracefs.place().orElseThrow().resolve("instances");
    String name = "pagewheel-" + System.getenv(RecordTest.RECORDER) + "-*";
    while (true) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(instances, name)) {
        for (Path each : found) {
          return each.resolve("trace_marker");
        }
      }
      Thread.sleep(10);
    }
  }
}
