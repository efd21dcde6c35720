package org.pagewheel.consumer.stats.internal;

import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pagewheel.Buffer;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.PageConsumer;

/** Makes consumers of type {@code stats}, and knows those that are running. */
public final class StatsFactory implements ConsumerFactory {
  /** The buffers that have one: each Pagewheel of a process has its own factory and buffers. */
  private static final Set<Buffer> SERVED =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

  private final List<StatsConsumer> open = new CopyOnWriteArrayList<>();

  @Override
  public String type() {
    return "stats";
  }

  @Override
  public PageConsumer open(ConsumerContext context) throws IOException {
    StatsSettings settings = StatsSettings.parse(context.settings());
    Buffer buffer = context.buffer();
    if (!SERVED.add(buffer)) {
      throw new IllegalArgumentException(
          "buffer " + buffer.name() + " has a consumer of type stats already: one is enough");
    }
    boolean done = false;
    try {
      StatsConsumer consumer = StatsConsumer.open(context, settings, this::forget);
      open.add(consumer);
      done = true;
      return consumer;
    } finally {
      if (!done) {
        SERVED.remove(buffer);
      }
    }
  }

  private void forget(StatsConsumer consumer) {
    open.remove(consumer);
    SERVED.remove(consumer.context().buffer());
  }

  List<StatsConsumer> open() {
    return List.copyOf(open);
  }
}
