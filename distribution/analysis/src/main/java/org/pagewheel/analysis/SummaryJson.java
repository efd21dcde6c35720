package org.pagewheel.analysis;

import org.pagewheel.analysis.Summary.Cpu;
import org.pagewheel.analysis.Summary.Loss;
import org.pagewheel.analysis.Summary.Share;

/** A summary for programs. */
final class SummaryJson {
  private SummaryJson() {}

  static String of(Summary summary, Style style) {
    Json json = new Json().open('{');
    json.key("files").open('[');
    summary.traces.forEach(trace -> json.value(trace.name()));
    json.close(']').key("clock").value(summary.traces.getFirst().clock());
    json.key("events").value(summary.events).key("bytes").value(summary.bytes);
    if (summary.events > 0) {
      JsonTimes.add(json, "first", summary.first, summary.traces.getFirst(), style);
      JsonTimes.add(json, "last", summary.last, summary.traces.getFirst(), style);
    }
    json.key("types").open('[');
    for (Share type : summary.types) {
      json.open('{').key("type").value(type.name()).key("events").value(type.events());
      json.key("bytes").value(type.bytes()).close('}');
    }
    json.close(']').key("spans").open('[');
    for (SpanSurvey.OfType span : summary.spans) {
      json.open('{').key("span").value(span.name).key("count").value(span.spans());
      json.key("p50").value(span.percentile(50)).key("p99").value(span.percentile(99));
      json.key("max").value(span.most).key("unended").value(span.unended);
      json.key("unbegun").value(span.unbegun).key("left").value(span.left).close('}');
    }
    json.close(']').key("threads").open('[');
    for (Share thread : summary.threads) {
      json.open('{').key("thread").value(thread.name());
      json.key("events").value(thread.events()).close('}');
    }
    json.close(']').key("cpus").open('[');
    for (Cpu cpu : summary.cpus) {
      json.open('{').key("buffer").value(cpu.buffer()).key("cpu").value(cpu.cpu());
      json.key("events").value(cpu.events()).key("bytes").value(cpu.bytes());
      json.key("lost").count(cpu.lost()).close('}');
    }
    json.close(']').key("rate").open('{').key("width").value(summary.rates.width());
    JsonTimes.add(json, "from", summary.rates.base(), summary.traces.getFirst(), style);
    json.key("events").any(summary.rates.over(summary.rates.sum(), summary.last, Rates.SLICES));
    json.close('}').key("lost").count(summary.lost).key("losses").open('[');
    for (Loss loss : summary.losses) {
      json.open('{').key("buffer").value(loss.buffer()).key("cpu").value(loss.cpu());
      String key = loss.isAfter() ? "after" : "before";
      JsonTimes.add(json, key, loss.time(), summary.traces.getFirst(), style);
      json.key("events").count(loss.events()).close('}');
    }
    json.close(']').key("causes").open('{');
    summary.causes.forEach((cause, number) -> json.key(cause).value(number));
    return json.close('}').key("problems").any(summary.problems()).close('}').take();
  }
}
