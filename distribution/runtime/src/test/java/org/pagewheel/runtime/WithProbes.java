package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.runtime.internal.Engine;
import org.pagewheel.runtime.internal.config.ConfigLoader;
import org.pagewheel.runtime.internal.plugin.Plugins;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.PageConsumer;

/** An engine with consumers of type {@code probe} at hand, which do as the test says. */
abstract class WithProbes {
  static final int THREADS = 4;

  final Plugins plugins = new Plugins();
  final Map<String, Probe> probes = new HashMap<>();
  Engine engine;

  /** What a probe does with a page. */
  interface Taker {
    void take(Page page) throws Exception;
  }

  /** A consumer that keeps an account, and misbehaves as the test says. */
  static final class Probe implements PageConsumer {
    final Load.Account account = new Load.Account(64, THREADS);
    final ConsumerContext context;
    private long missed;
    int flushes;
    private boolean closed;
    volatile Taker taker = page -> {};

    private Probe(ConsumerContext context) {
      this.context = context;
    }

    @Override
    public void accept(Page page, long missedBefore) throws IOException {
      try {
        taker.take(page);
        account.add(page);
        assertTrue(missedBefore >= 0);
        synchronized (this) {
          assertFalse(closed, "a page came after the end");
          missed += missedBefore;
        }
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }

    @Override
    public synchronized void flush() {
      flushes++;
    }

    @Override
    public synchronized void close() {
      closed = true;
    }

    synchronized long missed() {
      return missed;
    }

    synchronized boolean isClosed() {
      return closed;
    }
  }

  @BeforeEach
  void start() {
    ServiceLoader.load(Backend.class).forEach(b -> plugins.backends().add(b.name(), 0, b));
    plugins.consumers().add("probe", 0, probes());
    start(Map.of("pagewheel.defaults.flush", "100 ms"));
  }

  private void start(Map<String, String> values) {
    Map<String, String> all = new HashMap<>(values);
    all.putIfAbsent("pagewheel.stop-timeout", "2 s");
    engine = Engine.start(ConfigLoader.load(Optional.empty(), new Properties(), all), plugins);
  }

  /** The same with other values. */
  void restart(Map<String, String> values) {
    engine.stop();
    start(values);
  }

  ConsumerFactory probes() {
    return new ConsumerFactory() {
      @Override
      public String type() {
        return "probe";
      }

      @Override
      public PageConsumer open(ConsumerContext context) throws IOException {
        if (context.settings().containsKey("fail")) {
          throw new IllegalArgumentException("setting fail is unknown");
        }
        Probe probe = new Probe(context);
        probes.put(context.name(), probe);
        return probe;
      }
    };
  }

  @AfterEach
  void stop() {
    engine.stop();
  }

  Buffer create(Mode mode, int pages) throws IOException {
    BufferConfig config = BufferConfig.of("x", "heap").withMode(mode).withPages(pages, 4096);
    return engine.buffers().create(config);
  }

  /** A buffer of one CPU: there is a page behind each loss, to tell it. */
  Buffer createOne(Mode mode, int pages) throws IOException {
    BufferConfig config = BufferConfig.of("x", "heap").withMode(mode).withPages(pages, 4096);
    return engine.buffers().create(config.withClock(1, config.clock(), () -> 0));
  }

  Probe attach(String name, String... settings) throws IOException {
    Map<String, String> values = new HashMap<>(Map.of("type", "probe"));
    for (int i = 0; i < settings.length; i += 2) {
      values.put(settings[i], settings[i + 1]);
    }
    engine.administration().attach("x", name, values);
    return probes.get(name);
  }

  ConsumerStatus status(String name) {
    return engine.administration().consumers().stream()
        .filter(status -> status.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  static void await(java.util.function.BooleanSupplier condition) throws Exception {
    long begin = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(100), "it never happens");
      Thread.sleep(2);
    }
  }
}
