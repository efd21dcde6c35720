package org.pagewheel.consumer.stats.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the OpenMetrics specification 1.0.0 demands of a text, as far as we write it. */
final class OpenMetricsGrammar {
  private static final Pattern META =
      Pattern.compile("# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");

  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\"";

  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?:"
              + LABEL
              + "(?:,"
              + LABEL
              + ")*)?\\})?"
              + " (-?(?:\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|\\+Inf|NaN))");

  private static final Map<String, List<String>> SUFFIXES =
      Map.of(
          "counter", List.of("_total"),
          "gauge", List.of(""),
          "histogram", List.of("_bucket", "_sum", "_count"),
          "summary", List.of("", "_sum", "_count"));

  private OpenMetricsGrammar() {}

  /** Fails unless the text keeps to it; the samples by name with labels. */
  static Map<String, Double> check(String text) {
    assertTrue(text.endsWith("# EOF\n"), "the end is missing");
    assertFalse(text.contains("\r"), "a carriage return");
    String[] lines = text.split("\n");
    Map<String, Double> samples = new TreeMap<>();
    Set<String> families = new HashSet<>();
    String family = "";
    String type = "";
    Set<String> said = new HashSet<>();
    for (int i = 0; i < lines.length - 1; i++) {
      Matcher meta = META.matcher(lines[i]);
      Matcher sample = SAMPLE.matcher(lines[i]);
      if (meta.matches()) {
        if (!meta.group(2).equals(family)) {
          family = meta.group(2);
          assertTrue(families.add(family), family + " is interrupted");
          said.clear();
          type = "";
        }
        assertTrue(said.add(meta.group(1)), lines[i]);
        if (meta.group(1).equals("TYPE")) {
          type = meta.group(3);
        } else if (meta.group(1).equals("UNIT")) {
          assertTrue(family.endsWith("_" + meta.group(3)), lines[i]);
        }
        continue;
      }
      assertTrue(sample.matches(), "no sample: " + lines[i]);
      assertNotNull(SUFFIXES.get(type), lines[i]);
      assertTrue(sample.group(1).startsWith(family), lines[i]);
      String suffix = sample.group(1).substring(family.length());
      assertTrue(SUFFIXES.get(type).contains(suffix), lines[i]);
      double value = Double.parseDouble(sample.group(3));
      assertTrue(!type.equals("counter") || value >= 0, lines[i]);
      assertEquals(null, samples.put(sample.group(1) + sample.group(2), value), lines[i]);
    }
    assertEquals("# EOF", lines[lines.length - 1]);
    return samples;
  }
}
