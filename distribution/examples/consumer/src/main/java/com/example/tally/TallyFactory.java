package com.example.tally;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.PageConsumer;

/** Makes consumers of type {@code tally}: {@code ring:attach main tally file=/tmp/main.jsonl}. */
public final class TallyFactory implements ConsumerFactory {
  private static final String FILE = "file";

  /** Made by the service loader, or by the bundle. */
  public TallyFactory() {}

  @Override
  public String type() {
    return "tally";
  }

  @Override
  public PageConsumer open(ConsumerContext context) throws IOException {
    return new TallyConsumer(context, file(context.settings()));
  }

  /** People read these messages: what is wrong, and what would be right. */
  private static Path file(Map<String, String> settings) {
    for (String key : settings.keySet()) {
      if (!key.equals(FILE)) {
        throw new IllegalArgumentException("tally has no setting " + key + "; it has " + FILE);
      }
    }
    String file = settings.get(FILE);
    if (file == null || file.isBlank()) {
      throw new IllegalArgumentException("tally needs a file to write to: file = main.jsonl");
    }
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(FILE + " = " + file + ": " + e.getReason(), e);
    }
  }
}
