package org.pagewheel.runtime.internal;

import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.Source;

/**
 * The port through which backends, consumers and sources come in: from {@link #load} or, in a
 * container, from {@code ServicePlugins}. Everything behind it is the same.
 */
public record Plugins(
    Catalog<Backend> backends, Catalog<ConsumerFactory> consumers, Catalog<Source> sources) {

  /** None yet. */
  public Plugins() {
    this(
        new Catalog<>(Backend::defaults),
        new Catalog<>(ConsumerFactory::defaults),
        new Catalog<>(source -> Optional.empty()));
  }

  /** Adds what a class loader finds; what cannot be made is told, a line each. */
  void load(ClassLoader loader, Consumer<String> problems) {
    each(loader, Backend.class, problems, (name, it) -> backends.add(name, 0, it), Backend::name);
    each(
        loader,
        ConsumerFactory.class,
        problems,
        (name, it) -> consumers.add(name, 0, it),
        ConsumerFactory::type);
    each(loader, Source.class, problems, (name, it) -> sources.add(name, 0, it), Source::name);
  }

  private static <T> void each(
      ClassLoader loader,
      Class<T> kind,
      Consumer<String> problems,
      BiConsumer<String, T> add,
      Function<T, String> name) {
    // By hand, for one provider that cannot be made must not hide the others.
    var providers = ServiceLoader.load(kind, loader).iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          return;
        }
        T plugin = providers.next();
        add.accept(name.apply(plugin), plugin);
      } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
        problems.accept("a " + kind.getSimpleName() + " on the class path cannot be made: " + e);
      }
    }
  }
}
