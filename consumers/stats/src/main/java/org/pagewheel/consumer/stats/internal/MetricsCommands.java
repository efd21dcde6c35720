package org.pagewheel.consumer.stats.internal;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.felix.service.command.Descriptor;
import org.pagewheel.consumer.stats.BufferReport;

/** Commands of scope ring; the annotations may be missing at run time. */
public final class MetricsCommands {
  static final String[] FUNCTIONS = {"metrics", "rates"};

  private static final double NANOS_PER_MICRO = 1e3;

  private final Supplier<List<StatsConsumer>> consumers;

  MetricsCommands(Supplier<List<StatsConsumer>> consumers) {
    this.consumers = consumers;
  }

  /** As OpenMetrics text. */
  @Descriptor("the counters of all buffers with a consumer of type stats, as OpenMetrics text")
  public String metrics() {
    return OpenMetrics.text(reports());
  }

  /** As a few lines for each buffer. */
  @Descriptor("rates, losses and latency of all buffers with a consumer of type stats")
  public String rates() {
    StringBuilder lines = new StringBuilder();
    for (BufferReport report : reports()) {
      lines.append(
          line(
              "%s: %.0f events/s, %.0f B/s, %.0f lost/s, %d lost in all",
              report.buffer(),
              report.eventsPerSecond(),
              report.bytesPerSecond(),
              report.lostPerSecond(),
              report.lost()));
      BufferReport.Latency latency = report.latency();
      lines.append(
          line(
              "  record to consume: p50 %.0f us, p99 %.0f us, max %.0f us",
              latency.p50() / NANOS_PER_MICRO,
              latency.p99() / NANOS_PER_MICRO,
              latency.max() / NANOS_PER_MICRO));
      for (BufferReport.Type type : report.types()) {
        lines.append(
            line(
                "  %s:%s: %d events, %.0f/s",
                type.system() == null ? "" : type.system(),
                type.event(),
                type.events(),
                type.eventsPerSecond()));
      }
      for (BufferReport.Consumer consumer : report.consumers()) {
        lines.append(
            line(
                "  consumer %s: %d pages, %.0f/s, %d events missed",
                consumer.name(), consumer.pages(), consumer.pagesPerSecond(), consumer.missed()));
      }
    }
    return lines.toString().stripTrailing();
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + "\n";
  }

  private List<BufferReport> reports() {
    List<BufferReport> reports = consumers.get().stream().map(StatsConsumer::getReport).toList();
    if (reports.isEmpty()) {
      throw new IllegalStateException(
          "no buffer has a consumer of type stats: ring:attach BUFFER stats");
    }
    return reports;
  }
}
