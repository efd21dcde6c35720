package org.pagewheel.consumer.splice.internal;

import java.io.IOException;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.PageConsumer;

/** Makes consumers of type {@code splice}: rotating trace.dat files. */
public final class SpliceFactory implements ConsumerFactory {
  @Override
  public String type() {
    return "splice";
  }

  @Override
  public PageConsumer open(ConsumerContext context) throws IOException {
    SpliceSettings settings =
        SpliceSettings.parse(context.settings(), context.buffer().config().name());
    return SpliceConsumer.open(context, settings);
  }
}
