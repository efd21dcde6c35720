package org.pagewheel.runtime;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.pagewheel.Buffers;
import org.pagewheel.runtime.internal.Engine;
import org.pagewheel.spi.Backend;

/**
 * Pagewheel without an OSGi container.
 *
 * <pre>{@code
 * try (Pagewheel pagewheel = Pagewheel.start()) {
 *   Buffer main = pagewheel.buffers().get("main");
 *   main.mark("hello");
 *   pagewheel.buffers().save(Path.of("trace.dat"));
 * }
 * }</pre>
 *
 * <p>Backends, consumers and sources are those that {@link java.util.ServiceLoader} finds. None of
 * the threads keeps the process alive, and none of them lets an exception out.
 */
public final class Pagewheel implements AutoCloseable {
  private final Engine engine;

  private Pagewheel(Engine engine) {
    this.engine = engine;
  }

  /**
   * Starts with the file that the system property {@code pagewheel.config} names, if it is set, and
   * with the other system properties that begin with {@code pagewheel.} on top.
   *
   * @return running, with the configured buffers
   * @throws ConfigurationException if the configuration is wrong
   */
  public static Pagewheel start() {
    return start(Optional.empty(), Map.of());
  }

  /**
   * Starts with a file, and the system properties on top.
   *
   * @param file in HOCON
   * @return running, with the configured buffers
   * @throws ConfigurationException if the configuration is wrong
   */
  public static Pagewheel start(Path file) {
    return start(Optional.of(file), Map.of());
  }

  /**
   * Starts with the caller's values on top of everything else.
   *
   * @param overrides by whole key, {@code pagewheel.buffers.main.pages}
   * @return running, with the configured buffers
   * @throws ConfigurationException if the configuration is wrong
   */
  public static Pagewheel start(Map<String, String> overrides) {
    return start(Optional.empty(), overrides);
  }

  /**
   * Starts with a file, the system properties, and values of the caller's, the latter on top.
   *
   * @param file in HOCON; if none is given, the system property {@code pagewheel.config} counts
   * @param overrides by whole key, {@code pagewheel.buffers.main.pages}
   * @return running, with the configured buffers
   * @throws ConfigurationException if the configuration is wrong
   */
  public static Pagewheel start(Optional<Path> file, Map<String, String> overrides) {
    return new Pagewheel(Engine.start(file, overrides, loader()));
  }

  /**
   * The thread's class loader, which knows the application's plugins, if it also knows this library
   * (a pool's thread may have another); else that of this class.
   */
  private static ClassLoader loader() {
    ClassLoader threads = Thread.currentThread().getContextClassLoader();
    try {
      if (threads != null && threads.loadClass(Backend.class.getName()) == Backend.class) {
        return threads;
      }
    } catch (ClassNotFoundException | LinkageError e) {
      // not one that knows us
    }
    return Pagewheel.class.getClassLoader();
  }

  /**
   * The buffers.
   *
   * @return always the same instance
   */
  public Buffers buffers() {
    return engine.buffers();
  }

  /**
   * What a shell or a monitor needs.
   *
   * @return always the same instance
   */
  public Administration administration() {
    return engine.administration();
  }

  /**
   * Stops the sources, gives consumers what is left, and closes the buffers. Takes at most the
   * configured {@code stop-timeout} for each of these. Does nothing the second time.
   */
  @Override
  public void close() {
    engine.stop();
  }
}
