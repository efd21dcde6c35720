package org.pagewheel.acceptance;

import java.nio.file.Path;
import org.pagewheel.Buffer;
import org.pagewheel.event.AsyncSpanType;
import org.pagewheel.event.Counter;
import org.pagewheel.event.DurationType;
import org.pagewheel.event.EventType;
import org.pagewheel.event.Flow;
import org.pagewheel.event.Span;
import org.pagewheel.event.SpanType;
import org.pagewheel.runtime.Pagewheel;

/** Records spans of all kinds, counters and flows, and saves them in the file that is named. */
public final class SpansProgram {
  record Request(long id, @Flow long flow) {}

  record Answer(int status) {}

  record Step(int number) {}

  record Parsed(int bytes) {}

  record Job(String name) {}

  record Sent(@Flow long flow) {}

  enum Pool {
    SMALL,
    LARGE
  }

  record Use(Pool pool, @Counter int active, @Counter double load) {}

  private static final SpanType<Request, Answer> REQUEST =
      SpanType.of("web", Request.class, Answer.class);
  private static final SpanType<Step, Void> STEP = SpanType.of("web", Step.class);
  private static final DurationType<Parsed> PARSED = DurationType.of("web", Parsed.class);
  private static final AsyncSpanType<Job, Answer> JOB =
      AsyncSpanType.of("web", Job.class, Answer.class);
  private static final EventType<Sent> SENT = EventType.of("web", Sent.class);
  private static final EventType<Use> USE = EventType.of("web", Use.class);

  private SpansProgram() {}

  /** Runs it in a JVM of its own. */
  static void record(Path directory, String file) throws Exception {
    Program.run(
            directory,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            SpansProgram.class.getName(),
            file)
        .assertStatus(0);
  }

  /**
   * Runs it.
   *
   * @param arguments the file
   * @throws Exception if it cannot be written
   */
  public static void main(String... arguments) throws Exception {
    try (Pagewheel pagewheel = Pagewheel.start()) {
      Buffer main = pagewheel.buffers().get("main");
      for (int i = 1; i <= 20; i++) {
        request(main, i);
      }
      Span<Answer> elsewhere = REQUEST.begin(main, new Request(21, 21));
      Thread other = new Thread(() -> elsewhere.end(new Answer(204)), "other");
      other.start();
      other.join();
      Span<Void> outer = STEP.begin(main, new Step(101));
      Span<Void> inner = STEP.begin(main, new Step(102));
      outer.close(); // in the wrong order
      inner.close();
      STEP.begin(main, new Step(103)); // never ended
      pagewheel.buffers().save(Path.of(arguments[0]));
    }
  }

  private static void request(Buffer main, int id) throws InterruptedException {
    try (var request = REQUEST.begin(main, new Request(id, id))) {
      JOB.begin(main, id, new Job("job " + id));
      try (var _ = STEP.begin(main, new Step(1));
          var parsed = PARSED.begin(main)) {
        parsed.end(new Parsed(100 * id));
      }
      USE.record(main, new Use(id % 2 == 0 ? Pool.SMALL : Pool.LARGE, id, id / 4.0));
      Thread thread =
          Thread.ofVirtual()
              .name("sender " + id)
              .start(
                  () -> {
                    SENT.record(main, new Sent(id));
                    JOB.end(main, id, new Answer(id));
                  });
      thread.join();
      if (id < 20) {
        request.end(new Answer(200 + id));
      }
    }
  }
}
