package org.pagewheel.consumer.stats.internal;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.PageConsumer;

/** Makes consumers of type {@code stats}, and knows those that are at work. */
public final class StatsFactory implements ConsumerFactory {
  private final List<StatsConsumer> open = new CopyOnWriteArrayList<>();

  @Override
  public String type() {
    return "stats";
  }

  @Override
  public PageConsumer open(ConsumerContext context) throws IOException {
    StatsSettings settings = StatsSettings.parse(context.settings());
    StatsConsumer consumer = StatsConsumer.open(context, settings, open::remove);
    open.add(consumer);
    return consumer;
  }

  List<StatsConsumer> open() {
    return List.copyOf(open);
  }
}
