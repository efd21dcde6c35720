package com.example.jsonlines;

import java.io.IOException;
import java.nio.file.Path;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.DefaultSettings;
import org.pagewheel.spi.PageConsumer;

/** Makes consumers of type {@code json}: {@code ring:attach main json file=events.jsonl}. */
public final class JsonFactory implements ConsumerFactory {
  /** From {@code reference.conf}, which lies beside this class. */
  private static final DefaultSettings SETTINGS = DefaultSettings.of(JsonFactory.class);

  /** Made by the service loader, or by the bundle. */
  public JsonFactory() {}

  @Override
  public String type() {
    return "json";
  }

  @Override
  public PageConsumer open(ConsumerContext context) throws IOException {
    String file = SETTINGS.complete("json", context.settings()).get("file");
    if (file.isBlank()) {
      throw new IllegalArgumentException("json needs a file to write to: file = events.jsonl");
    }
    return new JsonConsumer(context.metadata(), Path.of(file));
  }
}
