package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Map;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pagewheel.Buffer;
import org.pagewheel.analysis.Condition;
import org.pagewheel.analysis.LiveLatency;
import org.pagewheel.event.DurationType;

/** Latencies that somebody observes are in the statistics of their buffer. */
@Timeout(120)
class ObservedLatenciesTest {
  record Step(int number) {}

  private static final DurationType<Step> STEP = DurationType.of("in_metrics", Step.class);

  @Test
  void byJmxAndAsText() throws Exception {
    try (Pagewheel pagewheel =
        Pagewheel.start(
            Map.of(
                "pagewheel.buffers.observed.consumers.stats.type",
                "stats",
                "pagewheel.buffers.observed.triggers",
                "in_metrics:step log if latency > 1 h"))) {
      Buffer buffer = pagewheel.buffers().get("observed");
      try (LiveLatency second = LiveLatency.ofSpan(buffer, Condition.of("in_metrics:step"))) {
        for (int i = 0; i < 10; i++) {
          try (var span = STEP.begin(buffer)) {
            span.end(new Step(i));
          }
        }
        while (LiveLatency.on(buffer).stream().anyMatch(each -> each.line().spans() < 10)) {
          Thread.onSpinWait();
        }
        assertEquals(2, LiveLatency.on(buffer).size(), "that of the trigger and " + second);
        ObjectName name = new ObjectName("org.pagewheel:type=Statistics,name=observed");
        var server = ManagementFactory.getPlatformMBeanServer();
        CompositeData report = (CompositeData) server.getAttribute(name, "Report");
        CompositeData[] observed = (CompositeData[]) report.get("observed");
        assertEquals(1, observed.length, "a question is there once");
        assertEquals("in_metrics:step", observed[0].get("question"));
        assertEquals(10L, observed[0].get("events"));
        String text = (String) server.invoke(name, "openMetrics", new Object[0], new String[0]);
        assertTrue(
            text.contains(
                "pagewheel_observed_seconds_bucket{buffer=\"observed\","
                    + "latency=\"in_metrics:step\",le=\"+Inf\"} 10\n"),
            text);
        long seen = (long) observed[0].get("missed");
        assertEquals(0, seen);
      }
    }
  }
}
