package org.pagewheel.analysis;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.pagewheel.analysis.Latency.Found;
import org.pagewheel.analysis.Latency.Pair;

/** An answer about latencies for programs. */
final class LatencyJson {
  private LatencyJson() {}

  static String of(
      Latency question, Found found, List<Pair> slowest, List<String> problems, Style style) {
    Histogram histogram = found.histogram;
    Json json = new Json().open('{');
    if (question.span != null) {
      json.key("span").value(question.span.text()).key("left").value(found.left);
    } else {
      json.key("first").value(question.first.text()).key("second").value(question.second.text());
      json.key("by").any(question.by);
    }
    json.key("pairs").value(histogram.getTotalCount());
    if (histogram.getTotalCount() > 0) {
      json.key("min").value(found.least).key("mean").value(histogram.getMean());
      for (double percentile : LatencyText.PERCENTILES) {
        json.key("p" + percentile).value(found.percentile(percentile));
      }
      json.key("max").value(found.most);
    }
    if (question.over >= 0) {
      json.key("over").value(found.over);
    }
    json.key("unpaired").open('{').key("waiting").value(found.waiting);
    json.key("repeated").value(found.repeated).key("aged").value(found.aged);
    json.key("crowded").value(found.crowded).key("ends").value(found.endsAlone);
    json.key("backwards").value(found.backwards).key("damaged").value(found.damaged).close('}');
    json.key("lost").count(found.lost).key("slowest").open('[');
    for (Pair pair : slowest) {
      Trace trace = question.traces.get(pair.traceIndex);
      json.open('{').key("length").value(pair.length()).key("key").value(pair.text());
      JsonTimes.add(json, "begin", pair.begin, trace, style);
      JsonTimes.add(json, "end", pair.end, trace, style);
      json.key("tids").open('[').value(pair.beginTid).value(pair.endTid).close(']');
      json.key("cpus").open('[').value(pair.beginCpu).value(pair.endCpu).close(']');
      json.key("meanwhile").open('[');
      counts(json, pair.meanwhile.onFirst);
      counts(json, pair.meanwhile.onSecond);
      json.close(']').key("jvm").open('[');
      for (Meanwhile.OfJvm each : pair.meanwhile.jvm) {
        json.open('{').key("event").value(each.event()).key("name").value(each.what());
        json.key("duration").value(each.duration()).close('}');
      }
      json.close(']').close('}');
    }
    return json.close(']').key("problems").any(problems).close('}').take();
  }

  private static void counts(Json json, Map<String, Long> counts) {
    json.open('{');
    counts.forEach((type, count) -> json.key(type).value(count));
    json.close('}');
  }
}
