package org.pagewheel.consumer.network.internal;

import java.io.IOException;
import java.net.UnknownHostException;
import org.pagewheel.Clock;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.PageConsumer;

/** Makes consumers of type {@code network}: streams to {@code trace-cmd listen}. */
public final class NetworkFactory implements ConsumerFactory {
  @Override
  public String type() {
    return "network";
  }

  @Override
  public PageConsumer open(ConsumerContext context) throws IOException {
    NetworkSettings settings = NetworkSettings.parse(context.settings());
    Clock clock = context.buffer().config().clock();
    if (settings.protocol() == Protocol.V1 && clock.scale().isPresent()) {
      throw new IllegalArgumentException(
          "protocol = v1 cannot say what the counts of the clock %s are: v3 would be right"
              .formatted(clock.name()));
    }
    Target target = new Target(settings.host(), settings.port(), settings.isAllowed());
    try {
      target
          .resolve(); // now rather than with the first page, so that a refusal is reported at once
    } catch (UnknownHostException e) {
      if (!settings.isAllowed()) {
        throw e;
      }
      context.report(e.getMessage()); // the name service may be back later
    }
    return new NetworkConsumer(context, settings, target);
  }
}
