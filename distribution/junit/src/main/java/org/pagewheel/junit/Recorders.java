package org.pagewheel.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.pagewheel.Buffer;
import org.pagewheel.runtime.Pagewheel;

/** Shared by the recorders of all tests: one Pagewheel, until JUnit closes its outermost store. */
final class Recorders implements AutoCloseable {
  /** Nothing of the application's: no source writes, and nothing is saved over its files. */
  private static final Map<String, String> OVERRIDES =
      Map.of(
          "pagewheel.source-defaults.enabled", "false",
          "pagewheel.buffers.main.file", "",
          "pagewheel.save.on-exit", "",
          "pagewheel.save.on-out-of-memory", "");

  private final Pagewheel pagewheel = start();
  private final AtomicLong made = new AtomicLong();

  /** The instances of which fields hold the recording of a test that has not ended. */
  final Set<Object> claimed =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

  /** The names of files that this run has given away. */
  final Set<Path> files = ConcurrentHashMap.newKeySet();

  /** The application's configuration file is not read: it may name files, sockets and ports. */
  private static Pagewheel start() {
    try {
      Path nothing = Files.createTempFile("pagewheel", ".conf");
      try {
        return Pagewheel.start(Optional.of(nothing), OVERRIDES);
      } finally {
        Files.delete(nothing);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TestRecorder open(ExtensionContext test) {
    String name = "test-" + made.incrementAndGet();
    try {
      Buffer buffer = pagewheel.administration().create(name, settings(test));
      return new TestRecorder(this, new Recording(pagewheel.buffers(), buffer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those of the outermost class first, those of the method on top. */
  private static Map<String, String> settings(ExtensionContext test) {
    Deque<ExtensionContext> contexts = new ArrayDeque<>();
    for (var of = Optional.of(test); of.isPresent(); of = of.get().getParent()) {
      contexts.push(of.get());
    }
    Map<String, String> settings = new LinkedHashMap<>();
    for (ExtensionContext context : contexts) {
      AnnotationSupport.findAnnotation(context.getElement(), RecordEvents.class)
          .ifPresent(annotation -> add(annotation.value(), settings));
    }
    return settings;
  }

  private static void add(String[] lines, Map<String, String> settings) {
    for (String line : lines) {
      int equals = line.indexOf('=');
      if (equals < 1) {
        throw new ExtensionConfigurationException(
            "@RecordEvents(\"%s\") is not of the form \"key = value\"".formatted(line));
      }
      settings.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
    }
  }

  void destroy(Buffer buffer) {
    if (pagewheel.buffers().find(buffer.name()).isPresent()) { // not by the test itself
      pagewheel.buffers().destroy(buffer.name());
    }
  }

  @Override
  public void close() {
    pagewheel.close();
  }
}
