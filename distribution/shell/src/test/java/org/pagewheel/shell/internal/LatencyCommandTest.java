package org.pagewheel.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.Buffers;
import org.pagewheel.runtime.Administration;
import org.pagewheel.runtime.Pagewheel;
import org.pagewheel.shell.internal.command.Services;

/** {@code ring:latency} and {@code ring:hist} of a running buffer, as they are typed. */
class LatencyCommandTest {
  private static final long DEADLINE = TimeUnit.SECONDS.toNanos(120);
  private static final String MARKS = "ring:latency main ftrace:print ftrace:print";

  private final Pagewheel pagewheel =
      Pagewheel.start(Map.of("pagewheel.sources.jvm.enabled", "false"));

  private final Commands commands =
      new Commands(
          new Services() {
            @Override
            public Buffers buffers() {
              return pagewheel.buffers();
            }

            @Override
            public Administration administration() {
              return pagewheel.administration();
            }
          },
          null);

  private final CommandProcessorImpl processor = new CommandProcessorImpl(null);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final CommandSession session =
      processor.createSession(InputStream.nullInputStream(), out, out);

  @AfterEach
  void close() {
    commands.close();
    session.close();
    pagewheel.close();
  }

  private String run(String line) throws Exception {
    commands.all().forEach(each -> processor.addCommand(each.scope(), each, each.name()));
    out.reset();
    session.execute(line);
    session.getConsole().flush();
    return out.toString(StandardCharsets.UTF_8);
  }

  private String mistake(String line) {
    return assertThrows(Exception.class, () -> run(line), line).getMessage();
  }

  @Test
  void theSameWordsBeginAndShow() throws Exception {
    assertEquals(
        "observing main from now on; the same words show what was found, --stop ends it\n",
        run(MARKS));
    long begin = System.nanoTime();
    while (!run(MARKS)
        .matches("(?s)ftrace:print -> ftrace:print by tid: [1-9][\\d,]* pairs?\n.*")) {
      pagewheel.buffers().get("main").mark("what ends the one and begins the next");
      if (System.nanoTime() - begin > DEADLINE) {
        fail(run(MARKS));
      }
    }
    String list = run("ring:latency --list");
    assertTrue(list.contains("ftrace:pri"), list);
    assertTrue(list.contains("observing"), list);
    assertTrue(run("ring:latency --list --json").startsWith("[{\"buffer\":\"main\""));
    assertTrue(run(MARKS + " --json").startsWith("{\"first\":\"ftrace:print\""));
    assertTrue(run(MARKS + " --stop").startsWith("ftrace:print -> ftrace:print by tid: "));
    assertEquals("ftrace:print ftrace:print is not observed on main", mistake(MARKS + " --stop"));
    String none = run("ring:latency --list");
    assertTrue(none.startsWith("nothing is observed; ring:latency BUFFER SPAN"), none);
  }

  /** The words after the second event are the keys. */
  @Test
  void keysNeedNoOption() throws Exception {
    assertTrue(run("ring:latency main a b id venue").startsWith("observing main"));
    String found = run("ring:latency main a b --by id,venue");
    assertTrue(found.startsWith("a -> b by id, venue: "), found);
  }

  @Test
  void whatIsWrongIsSaidAtOnce() {
    assertTrue(mistake("ring:latency main").startsWith("a span or two events come after"));
    assertTrue(mistake("ring:latency main place --by id").startsWith("--by is for two events"));
    assertTrue(mistake("ring:latency main place --over 5ms").startsWith("--over is for files"));
    assertTrue(mistake("ring:latency --stop").startsWith("--stop: the name of a buffer"));
    assertTrue(mistake("ring:latency nosuch place").startsWith("nosuch: there is no"));
    assertEquals(
        "ftrace:print is not a span: name two events, or one of a type that begins and ends",
        mistake("ring:latency main ftrace:print"));
  }

  @Test
  void histogramsAreCountedWithTheSameWords() throws Exception {
    String marks = "ring:hist main ftrace:print buf --by cpu";
    assertTrue(run(marks).startsWith("observing main from now on"));
    for (int i = 0; i < 30; i++) {
      pagewheel.buffers().get("main").mark(i % 3 == 0 ? "rare" : "often");
    }
    long begin = System.nanoTime();
    while (!run(marks).startsWith("ftrace:print: 30 events, ")) {
      if (System.nanoTime() - begin > DEADLINE) {
        fail(run(marks));
      }
    }
    assertTrue(run(marks).matches("(?s).*\\R *often \\d+ +\\d+ .*"), run(marks));
    assertTrue(run(marks).contains("the observer has seen "), run(marks));
    assertTrue(run("ring:hist --list").contains("hist ftrace:print by buf, cpu"));
    assertTrue(run("ring:hist --list --json").startsWith("[{\"buffer\":\"main\""));
    assertTrue(run(marks + " --json").startsWith("{\"event\":\"ftrace:print\",\"hits\":30"));
    assertTrue(run(marks + " --stop").startsWith("ftrace:print: 30 events"));
    assertTrue(run("ring:hist --list").startsWith("nothing is observed; ring:hist BUFFER EVENT"));
    assertTrue(mistake("ring:hist main ftrace:print").startsWith("an event and a field come"));
    assertTrue(
        mistake("ring:hist main ftrace:print bfu").contains("did you mean buf?"),
        "of a type that is known");
    assertTrue(mistake("ring:hist main a b.log3").startsWith("key 'b.log3': FIELD"));
  }

  @Test
  void sixteenAreEnough() throws Exception {
    for (int i = 0; i < 16; i++) {
      run("ring:latency main span" + i);
    }
    assertTrue(mistake("ring:latency main another").startsWith("16 questions are observed"));
  }
}
