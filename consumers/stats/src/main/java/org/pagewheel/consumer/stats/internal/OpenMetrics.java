package org.pagewheel.consumer.stats.internal;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.pagewheel.Counter;
import org.pagewheel.consumer.stats.BufferReport;

/**
 * Reports as OpenMetrics text, version 1.0.0: each family once, with its samples of all buffers.
 */
final class OpenMetrics {
  private static final double NANOS_PER_SECOND = 1e9;

  private final StringBuilder out = new StringBuilder();
  private final List<BufferReport> reports;

  private OpenMetrics(List<BufferReport> reports) {
    this.reports = reports;
  }

  static String text(List<BufferReport> reports) {
    OpenMetrics metrics = new OpenMetrics(reports);
    metrics.buffers();
    metrics.cpus();
    metrics.types();
    metrics.consumers();
    metrics.latency();
    new ObservedMetrics(metrics, reports).add();
    return metrics.out.append("# EOF\n").toString();
  }

  private void buffers() {
    family("pagewheel_buffer_on", "gauge", null, "Whether the buffer records.");
    each(report -> sample("pagewheel_buffer_on", report.on() ? 1 : 0, "buffer", report.buffer()));
    family("pagewheel_event_rate", "gauge", null, "Events consumed in the last second.");
    each(
        report ->
            sample("pagewheel_event_rate", report.eventsPerSecond(), "buffer", report.buffer()));
    family("pagewheel_loss_rate", "gauge", null, "Events lost in the last second.");
    each(
        report -> sample("pagewheel_loss_rate", report.lostPerSecond(), "buffer", report.buffer()));
    String error = "pagewheel_clock_error_seconds";
    family(error, "gauge", "seconds", "How far a clock is from the one that it follows, at most.");
    each(
        report -> {
          if (report.clockErrorNanos() != null) {
            sample(error, report.clockErrorNanos() / 1e9, "buffer", report.buffer());
          }
        });
  }

  private void cpus() {
    counter(
        "pagewheel_written_events", null, "Events committed.", cpu -> cpu.count(Counter.WRITTEN));
    counter("pagewheel_read_events", null, "Events consumed.", cpu -> cpu.count(Counter.READ));
    counter("pagewheel_discarded_events", null, "Taken back.", cpu -> cpu.count(Counter.DISCARDED));
    counter(
        "pagewheel_cleared_events",
        null,
        "Dropped by clearing.",
        cpu -> cpu.count(Counter.CLEARED));
    counter("pagewheel_pages", null, "Pages consumed.", BufferReport.Cpu::pages);
    counter("pagewheel_consumed_bytes", "bytes", "Bytes of records.", BufferReport.Cpu::bytes);
    family("pagewheel_lost_events", "counter", null, "Events lost, by cause.");
    eachCpu(
        (report, cpu) -> {
          for (Counter counter : Counter.values()) {
            if (counter.isLoss()) {
              lost(report, cpu, counter.name().toLowerCase(Locale.ROOT), cpu.count(counter));
            }
          }
        });
    gauge("pagewheel_unread_events", null, "Events that can be read.", BufferReport.Cpu::unread);
    gauge(
        "pagewheel_page_occupancy_ratio",
        "ratio",
        "How full consumed pages were.",
        BufferReport.Cpu::occupancy);
  }

  private void lost(BufferReport report, BufferReport.Cpu cpu, String cause, long events) {
    sample(
        "pagewheel_lost_events_total",
        events,
        "buffer",
        report.buffer(),
        "cpu",
        "" + cpu.cpu(),
        "cause",
        cause);
  }

  private void types() {
    family("pagewheel_type_events", "counter", null, "Events consumed, by type.");
    each(
        report ->
            report
                .types()
                .forEach(t -> type("pagewheel_type_events_total", report, t, t.events())));
    family("pagewheel_type_bytes", "counter", "bytes", "Bytes of payload, by type.");
    each(
        report ->
            report.types().forEach(t -> type("pagewheel_type_bytes_total", report, t, t.bytes())));
  }

  private void type(String name, BufferReport report, BufferReport.Type type, long value) {
    String system = type.system() == null ? "" : type.system(); // a label always has a value
    sample(name, value, "buffer", report.buffer(), "system", system, "event", type.event());
  }

  private void consumers() {
    family("pagewheel_consumer_pages", "counter", null, "Pages a consumer has taken.");
    eachConsumer("pagewheel_consumer_pages_total", BufferReport.Consumer::pages);
    family("pagewheel_consumer_missed_events", "counter", null, "Events a consumer alone missed.");
    eachConsumer("pagewheel_consumer_missed_events_total", BufferReport.Consumer::missed);
    family("pagewheel_consumer_queued_pages", "gauge", null, "Pages that wait for a consumer.");
    eachConsumer("pagewheel_consumer_queued_pages", BufferReport.Consumer::queued);
    family("pagewheel_consumer_held_pages", "gauge", null, "Pages that a consumer holds.");
    eachConsumer("pagewheel_consumer_held_pages", BufferReport.Consumer::held);
    family(
        "pagewheel_consumer_stuck",
        "gauge",
        null,
        "Whether a consumer does not return from a page.");
    eachConsumer("pagewheel_consumer_stuck", consumer -> consumer.stuck() ? 1 : 0);
  }

  private void latency() {
    String name = "pagewheel_latency_seconds";
    family(name, "summary", "seconds", "From the record of an event to its consumption.");
    each(
        report -> {
          BufferReport.Latency latency = report.latency();
          if (latency.events() > 0) {
            quantile(report, "0.5", latency.p50());
            quantile(report, "0.9", latency.p90());
            quantile(report, "0.99", latency.p99());
            quantile(report, "0.999", latency.p999());
          }
          double sum = latency.mean() * latency.events() / NANOS_PER_SECOND;
          sample(name + "_sum", sum, "buffer", report.buffer());
          sample(name + "_count", latency.events(), "buffer", report.buffer());
        });
  }

  private void quantile(BufferReport report, String quantile, long nanos) {
    sample(
        "pagewheel_latency_seconds",
        nanos / NANOS_PER_SECOND,
        "buffer",
        report.buffer(),
        "quantile",
        quantile);
  }

  @FunctionalInterface
  private interface CpuAction {
    void run(BufferReport report, BufferReport.Cpu cpu);
  }

  private void each(Consumer<BufferReport> action) {
    reports.forEach(action);
  }

  private void eachCpu(CpuAction action) {
    each(report -> report.cpus().forEach(cpu -> action.run(report, cpu)));
  }

  private void eachConsumer(String name, ToLongFunction<BufferReport.Consumer> value) {
    each(
        report ->
            report
                .consumers()
                .forEach(
                    consumer ->
                        sample(
                            name,
                            value.applyAsLong(consumer),
                            "buffer",
                            report.buffer(),
                            "consumer",
                            consumer.name(),
                            "type",
                            consumer.type())));
  }

  private void counter(
      String name, String unit, String help, ToLongFunction<BufferReport.Cpu> value) {
    family(name, "counter", unit, help);
    eachCpu(
        (report, cpu) ->
            sample(
                name + "_total",
                value.applyAsLong(cpu),
                "buffer",
                report.buffer(),
                "cpu",
                "" + cpu.cpu()));
  }

  private void gauge(
      String name, String unit, String help, ToDoubleFunction<BufferReport.Cpu> value) {
    family(name, "gauge", unit, help);
    eachCpu(
        (report, cpu) ->
            sample(
                name, value.applyAsDouble(cpu), "buffer", report.buffer(), "cpu", "" + cpu.cpu()));
  }

  void family(String name, String type, String unit, String help) {
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    if (unit != null) {
      out.append("# UNIT ").append(name).append(' ').append(unit).append('\n');
    }
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
  }

  void sample(String name, long value, String... labels) {
    labels(name, labels).append(value).append('\n');
  }

  void sample(String name, double value, String... labels) {
    labels(name, labels).append(String.format(Locale.ROOT, "%.9g", value)).append('\n');
  }

  private StringBuilder labels(String name, String... labels) {
    out.append(name).append('{');
    for (int i = 0; i < labels.length; i += 2) {
      out.append(i == 0 ? "" : ",").append(labels[i]).append("=\"");
      out.append(escaped(labels[i + 1])).append('"');
    }
    return out.append("} ");
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
