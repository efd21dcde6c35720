package org.pagewheel.consumer.stats.internal;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.ToLongFunction;
import org.pagewheel.consumer.stats.BufferReport;
import org.pagewheel.consumer.stats.BufferReport.Observed;

/**
 * Latencies that are observed, as OpenMetrics text: a histogram, whose buckets can be added up over
 * processes, and a summary with quantiles, which cannot. One family is of one type, so they have
 * two names.
 */
record ObservedMetrics(OpenMetrics out, List<BufferReport> reports) {
  private static final String HISTOGRAM = "pagewheel_observed_seconds";
  private static final String SUMMARY = "pagewheel_observed_quantiles_seconds";
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int PLACES = 9;

  /** Numbers below it are written with an exponent. */
  private static final long PLAIN = 100_000;

  @FunctionalInterface
  private interface Action {
    void run(BufferReport report, Observed found);
  }

  void add() {
    out.family(HISTOGRAM, "histogram", "seconds", "Observed spans and pairs of events.");
    each(this::histogram);
    out.family(SUMMARY, "summary", "seconds", "Quantiles of observed spans and pairs of events.");
    each(this::summary);
    gauge(
        "pagewheel_observed_waiting", "Begins and ends without the other half.", Observed::waiting);
    out.family("pagewheel_observed_unpaired", "counter", null, "Those that found none.");
    each(
        (report, found) ->
            sample("pagewheel_observed_unpaired_total", found.unpaired(), report, found));
    gauge(
        "pagewheel_observer_missed",
        "Events that the observer did not see; -1 if their number is unknown.",
        Observed::missed);
    out.family("pagewheel_observer_busy_ratio", "gauge", "ratio", "Time the observer is at work.");
    each(
        (report, found) ->
            out.sample(
                "pagewheel_observer_busy_ratio",
                found.busy(),
                "buffer",
                report.buffer(),
                "latency",
                found.question()));
  }

  private void each(Action action) {
    reports.forEach(report -> report.observed().forEach(found -> action.run(report, found)));
  }

  private void gauge(String name, String help, ToLongFunction<Observed> value) {
    out.family(name, "gauge", null, help);
    each((report, found) -> sample(name, value.applyAsLong(found), report, found));
  }

  private void sample(String name, long value, BufferReport report, Observed found) {
    out.sample(name, value, "buffer", report.buffer(), "latency", found.question());
  }

  private void histogram(BufferReport report, Observed found) {
    for (int i = 0; i < found.bounds().size(); i++) {
      bucket(report, found, bound(found.bounds().get(i)), found.counts().get(i));
    }
    bucket(report, found, "+Inf", found.events());
    ends(HISTOGRAM, report, found);
  }

  private void bucket(BufferReport report, Observed found, String bound, long count) {
    out.sample(
        HISTOGRAM + "_bucket",
        count,
        "buffer",
        report.buffer(),
        "latency",
        found.question(),
        "le",
        bound);
  }

  /** Seconds as the specification writes them: 1e-06, 0.0005, 1.0. */
  static String bound(long nanos) {
    BigDecimal seconds = BigDecimal.valueOf(nanos, PLACES).stripTrailingZeros();
    if (nanos < PLAIN) {
      return "%se-%02d"
          .formatted(seconds.unscaledValue(), seconds.scale() - (seconds.precision() - 1));
    }
    String plain = seconds.toPlainString();
    return plain.indexOf('.') < 0 ? plain + ".0" : plain;
  }

  private void summary(BufferReport report, Observed found) {
    if (found.events() > 0) {
      quantile(report, found, "0.5", found.p50());
      quantile(report, found, "0.9", found.p90());
      quantile(report, found, "0.99", found.p99());
      quantile(report, found, "0.999", found.p999());
      quantile(report, found, "1.0", found.max());
    }
    ends(SUMMARY, report, found);
  }

  private void quantile(BufferReport report, Observed found, String quantile, long nanos) {
    out.sample(
        SUMMARY,
        nanos / NANOS_PER_SECOND,
        "buffer",
        report.buffer(),
        "latency",
        found.question(),
        "quantile",
        quantile);
  }

  private void ends(String name, BufferReport report, Observed found) {
    double sum = found.sum() / NANOS_PER_SECOND;
    out.sample(name + "_sum", sum, "buffer", report.buffer(), "latency", found.question());
    sample(name + "_count", found.events(), report, found);
  }
}
