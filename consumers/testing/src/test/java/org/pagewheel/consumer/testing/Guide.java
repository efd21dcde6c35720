package org.pagewheel.consumer.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the guide of a consumer, {@code README.md} of its module, tells its users. */
public final class Guide {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| `?([^|`]*?)`? ?\\|");

  private Guide() {}

  /** The settings of its table, with their defaults; no default is the empty text. */
  public static Map<String, String> settings() throws IOException {
    Map<String, String> settings = new TreeMap<>();
    Matcher row = ROW.matcher(Files.readString(Path.of("README.md")));
    while (row.find()) {
      settings.put(row.group(1), row.group(2).strip());
    }
    return settings;
  }
}
