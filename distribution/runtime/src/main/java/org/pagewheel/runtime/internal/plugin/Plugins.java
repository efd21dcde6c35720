package org.pagewheel.runtime.internal.plugin;

import java.util.Optional;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.Source;

/**
 * The port through which backends, consumers and sources come in: from {@link FoundPlugins} or, in
 * a container, from {@link ServicePlugins}. Everything beyond it is the same.
 */
public record Plugins(
    Catalog<Backend> backends, Catalog<ConsumerFactory> consumers, Catalog<Source> sources) {

  /** Makes empty catalogs. */
  public Plugins() {
    this(
        new Catalog<>(Backend::defaults),
        new Catalog<>(ConsumerFactory::defaults),
        new Catalog<>(source -> Optional.empty()));
  }
}
