package com.example.tally;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.DefaultSettings;
import org.pagewheel.spi.PageConsumer;

/** Makes consumers of type {@code tally}: {@code ring:attach main tally file=/tmp/main.jsonl}. */
public final class TallyFactory implements ConsumerFactory {
  /** From {@code reference.conf}, which lies beside this class. */
  private static final DefaultSettings SETTINGS = DefaultSettings.of(TallyFactory.class);

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
    String file = SETTINGS.complete("tally", settings).get(FILE);
    if (file.isBlank()) {
      throw new IllegalArgumentException("tally needs a file to write to: file = main.jsonl");
    }
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(FILE + " = " + file + ": " + e.getReason(), e);
    }
  }
}
