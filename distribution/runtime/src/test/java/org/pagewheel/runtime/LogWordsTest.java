package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Buffers;
import org.pagewheel.Page;
import org.pagewheel.runtime.internal.Engine;
import org.pagewheel.runtime.internal.config.ConfigLoader;
import org.pagewheel.runtime.internal.plugin.Plugins;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.PageConsumer;
import org.pagewheel.spi.Source;

/** The log says in words what plugins throw; the stack is there for who asks for it. */
@Timeout(60)
class LogWordsTest {
  private static final Logger LOG = Logger.getLogger("org.pagewheel");
  private static final IOException MISSING = new NoSuchFileException("/tmp/x");

  private final Plugins plugins = new Plugins();
  private final LinkedBlockingQueue<LogRecord> lines = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<LogRecord> stacks = new LinkedBlockingQueue<>();
  private Engine engine;

  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          (record.getLevel() == Level.FINE ? stacks : lines).add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private static final class Failing implements ConsumerFactory {
    @Override
    public String type() {
      return "failing";
    }

    @Override
    public PageConsumer open(ConsumerContext context) {
      return new PageConsumer() {
        @Override
        public void accept(Page page, long missed) throws IOException {
          throw MISSING;
        }

        @Override
        public void close() {}
      };
    }
  }

  @BeforeEach
  void start() {
    LOG.addHandler(handler);
    LOG.setLevel(Level.FINE);
    plugins.backends().add("heap", 0, OddBackend.HEAP);
    engine =
        Engine.start(
            ConfigLoader.load(
                Optional.empty(), new Properties(), Map.of("pagewheel.defaults.backend", "heap")),
            plugins);
  }

  @AfterEach
  void stop() {
    engine.stop();
    LOG.setLevel(null);
    LOG.removeHandler(handler);
  }

  private void assertLogged(String line) throws InterruptedException {
    LogRecord record = lines.take();
    assertEquals(line, record.getMessage());
    assertEquals(null, record.getThrown());
    assertSame(MISSING, stacks.take().getThrown());
  }

  @Test
  void ofAConsumer() throws Exception {
    plugins.consumers().add("failing", 0, new Failing());
    Buffer main = engine.buffers().get("main");
    engine.administration().attach("main", "x", Map.of("type", "failing"));
    main.mark("event");
    assertLogged("buffer main, consumer x: accept failed: /tmp/x: there is no such file");
  }

  @Test
  void ofABackend() throws Exception {
    plugins
        .backends()
        .add(
            "bad",
            0,
            new OddBackend(
                "bad",
                config ->
                    OddBackend.ring(
                        config,
                        (method, arguments, rest) -> {
                          if (method.equals("reserve")) {
                            throw MISSING;
                          }
                          return rest.call();
                        })));
    Buffer bad = engine.buffers().create(BufferConfig.of("bad", "bad").withPages(4, 4096));
    bad.mark("event");
    LogRecord record = lines.take();
    // A proxy may throw no such exception, so it wraps it.
    assertEquals(
        "buffer bad: backend bad: reserve failed: /tmp/x: there is no such file",
        record.getMessage());
    assertSame(MISSING, stacks.take().getThrown().getCause());
  }

  @Test
  void ofASource() throws Exception {
    plugins
        .sources()
        .add(
            "failing",
            0,
            new Source() {
              @Override
              public String name() {
                return "failing";
              }

              @Override
              public AutoCloseable start(Buffers buffers) throws Exception {
                throw MISSING;
              }
            });
    assertLogged("source failing cannot run: /tmp/x: there is no such file");
  }
}
