package org.pagewheel.consumer.stats.internal;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.framework.BundleContext;
import org.pagewheel.Buffer;
import org.pagewheel.consumer.stats.BufferReport;
import org.pagewheel.spi.Reason;

/** Four checks over all buffers that have a stats consumer; loaded only where Felix has checks. */
final class HealthChecks {
  /** A queue this full will soon drop pages. */
  private static final double BEHIND = 0.75;

  private static final double NEARLY_FULL = 0.05;

  private final Supplier<List<StatsConsumer>> consumers;

  /** The losses at the previous look, by buffer: more since then means that losses go on. */
  private final Map<String, Long> lostBefore = new HashMap<>();

  private final Map<String, Long> missedBefore = new HashMap<>();

  HealthChecks(Supplier<List<StatsConsumer>> consumers) {
    this.consumers = consumers;
  }

  static void register(BundleContext context, Supplier<List<StatsConsumer>> consumers) {
    HealthChecks checks = new HealthChecks(consumers);
    register(context, "Pagewheel: losing events", checks::losing);
    register(context, "Pagewheel: consumer behind", checks::behind);
    register(context, "Pagewheel: ring disabled", checks::disabled);
    register(context, "Pagewheel: disk nearly full", checks::disk);
  }

  private static void register(BundleContext context, String name, HealthCheck check) {
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put(HealthCheck.NAME, name);
    properties.put(HealthCheck.TAGS, new String[] {"pagewheel", "trace"});
    context.registerService(HealthCheck.class, check, properties);
  }

  private List<BufferReport> reports() {
    return consumers.get().stream().map(StatsConsumer::getReport).toList();
  }

  synchronized Result losing() {
    FormattingResultLog log = new FormattingResultLog();
    for (BufferReport report : reports()) {
      long lost = report.lost();
      Long before = lostBefore.put(report.buffer(), lost);
      if (lost > (before == null ? 0 : before)) {
        log.warn(
            "Buffer {} has lost {} events, {} of them since the last look",
            report.buffer(),
            lost,
            lost - (before == null ? 0 : before));
      } else {
        log.info("Buffer {} loses nothing now; {} events in all", report.buffer(), lost);
      }
    }
    return new Result(log);
  }

  synchronized Result behind() {
    FormattingResultLog log = new FormattingResultLog();
    for (BufferReport report : reports()) {
      for (BufferReport.Consumer consumer : report.consumers()) {
        String who = report.buffer() + "/" + consumer.name();
        Long before = missedBefore.put(who, consumer.missed());
        if (consumer.stuck()) {
          log.critical("Consumer {} has not returned from a page", who);
        } else if (consumer.problem() != null) {
          log.warn("Consumer {}: {}", who, consumer.problem());
        } else if (consumer.missed() > (before == null ? 0 : before)) {
          log.warn("Consumer {} misses events, {} in all", who, consumer.missed());
        } else if (consumer.queued() >= consumer.capacity() * BEHIND) {
          log.warn("For consumer {} {} pages wait", who, consumer.queued());
        } else {
          log.info("Consumer {} keeps up", who);
        }
      }
    }
    return new Result(log);
  }

  Result disabled() {
    FormattingResultLog log = new FormattingResultLog();
    for (StatsConsumer consumer : consumers.get()) {
      Buffer buffer = consumer.context().buffer();
      if (buffer.isOn()) {
        log.info("Buffer {} records", buffer.name());
      } else {
        String reason = buffer.offReason().map(": "::concat).orElse("");
        log.critical("Buffer {} does not record{}", buffer.name(), reason);
      }
    }
    return new Result(log);
  }

  Result disk() {
    FormattingResultLog log = new FormattingResultLog();
    for (StatsConsumer consumer : consumers.get()) {
      for (Path path : paths(consumer)) {
        try {
          FileStore store = Files.getFileStore(path);
          long free = store.getUsableSpace();
          long total = store.getTotalSpace();
          if (free < total * NEARLY_FULL) {
            log.warn("{}: {} MiB of {} MiB are free", path, free >> 20, total >> 20);
          } else {
            log.info("{}: {} MiB are free", path, free >> 20);
          }
        } catch (IOException e) {
          log.warn("{}", Reason.of(e));
        }
      }
    }
    return new Result(log);
  }

  /** The places that the buffer and its consumers write to. */
  private static List<Path> paths(StatsConsumer consumer) {
    List<Path> paths = new ArrayList<>();
    Stream<Map<String, String>> settings =
        Stream.concat(
            Stream.of(consumer.context().buffer().config().settings()),
            consumer.context().consumers().stream().map(each -> each.settings()));
    settings
        .flatMap(each -> Stream.of(each.get("dir"), each.get("file")))
        .filter(Objects::nonNull)
        .filter(text -> !text.isBlank())
        .map(text -> existing(Path.of(text).toAbsolutePath()))
        .distinct()
        .forEach(paths::add);
    return paths;
  }

  /** The path, or the nearest directory above it that exists. */
  private static Path existing(Path path) {
    Path at = path;
    while (at.getParent() != null && !Files.exists(at)) {
      at = at.getParent();
    }
    return at;
  }
}
