package org.pagewheel.benchmarks;

import java.util.Map;
import java.util.ServiceLoader;
import org.pagewheel.Buffer;
import org.pagewheel.event.Metadata;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.PageConsumer;

/**
 * The context of a consumer that is called without a pump.
 *
 * @param buffer whose pages it will get
 * @param settings its own
 */
record Given(Buffer buffer, Map<String, String> settings) implements ConsumerContext {
  /** Opens a consumer, which reports nothing but trouble: that ends the benchmark. */
  static PageConsumer open(String type, Buffer buffer, Map<String, String> settings)
      throws java.io.IOException {
    for (ConsumerFactory factory : ServiceLoader.load(ConsumerFactory.class)) {
      if (factory.type().equals(type)) {
        return factory.open(new Given(buffer, settings));
      }
    }
    throw new IllegalStateException("no consumer of type " + type + " on the class path");
  }

  @Override
  public String name() {
    return "benchmark";
  }

  @Override
  public Metadata metadata() {
    return Metadata.process();
  }

  @Override
  public void report(String problem) {
    if (problem != null) {
      throw new IllegalStateException(problem);
    }
  }
}
