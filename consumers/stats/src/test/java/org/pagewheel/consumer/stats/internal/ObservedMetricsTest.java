package org.pagewheel.consumer.stats.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pagewheel.consumer.stats.BufferReport;

/** Latencies that are observed, as OpenMetrics text. */
class ObservedMetricsTest {
  private static final String LABELS = "{buffer=\"main\",latency=\"a -> b if x == \\\"y\\\"\"";

  private static String text(BufferReport.Observed... observed) {
    return OpenMetrics.text(
        List.of(
            new BufferReport(
                "main",
                true,
                null,
                0,
                0,
                0,
                List.of(),
                List.of(),
                List.of(),
                new BufferReport.Latency(0, 0, 0, 0, 0, 0, 0),
                List.of(observed),
                87L)));
  }

  @Test
  void howFarAClockIsFromTheOneThatItFollows() {
    assertTrue(
        text().contains("\npagewheel_clock_error_seconds{buffer=\"main\"} 8.70000000e-08\n"));
  }

  @Test
  void aHistogramAndASummary() {
    List<Long> bounds = List.of(1_000L, 20_000L, 500_000L, 1_000_000_000L, 10_000_000_000L);
    String text =
        text(
            new BufferReport.Observed(
                "a -> b if x == \"y\"",
                10,
                3_500_000_000L,
                2_000,
                3_000,
                4_000,
                5_000,
                3_000_000_000L,
                bounds,
                List.of(1L, 2L, 8L, 9L, 10L),
                3,
                4,
                -1,
                0.25));
    Map<String, Double> samples = OpenMetricsGrammar.check(text);
    String[] written = {"1e-06", "2e-05", "0.0005", "1.0", "10.0", "+Inf"};
    double[] counts = {1, 2, 8, 9, 10, 10};
    for (int i = 0; i < written.length; i++) {
      String name = "pagewheel_observed_seconds_bucket" + LABELS + ",le=\"" + written[i] + "\"}";
      assertEquals(counts[i], samples.get(name), text);
    }
    assertEquals(3.5, samples.get("pagewheel_observed_seconds_sum" + LABELS + "}"));
    assertEquals(10, samples.get("pagewheel_observed_quantiles_seconds_count" + LABELS + "}"));
    assertEquals(
        4e-6,
        samples.get("pagewheel_observed_quantiles_seconds" + LABELS + ",quantile=\"0.99\"}"),
        1e-12);
    assertEquals(4, samples.get("pagewheel_observed_unpaired_total" + LABELS + "}"));
    assertEquals(3, samples.get("pagewheel_observed_waiting" + LABELS + "}"));
    assertEquals(-1, samples.get("pagewheel_observer_missed" + LABELS + "}"));
    assertEquals(0.25, samples.get("pagewheel_observer_busy_ratio" + LABELS + "}"));
  }

  @Test
  void nothingIsObserved() {
    String text = text();
    assertTrue(OpenMetricsGrammar.check(text).keySet().stream().noneMatch(n -> n.contains("obs")));
  }
}
