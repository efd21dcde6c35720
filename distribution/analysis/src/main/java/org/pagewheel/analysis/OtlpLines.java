package org.pagewheel.analysis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lines of OTLP/JSON: each is a request as the Collector's file exporter writes it, of spans or of
 * logs, of one trace file and one system of events. For one thread.
 */
final class OtlpLines {
  /** A line is written when so many characters wait for it, or for all together. */
  private static final int LINE = 1 << 16;

  private static final int ALL = 1 << 22;

  private record Key(boolean isLog, String resource, String scope) {}

  private final OutputStream out;
  private final Map<Key, StringBuilder> waiting = new LinkedHashMap<>();
  private long size;

  OtlpLines(OutputStream out) {
    this.out = out;
  }

  /**
   * Adds a span or a log record.
   *
   * @param resource the object of its resource
   * @param scope the system of its event
   * @param json its object
   */
  void add(boolean isLog, String resource, String scope, String json) throws IOException {
    Key key = new Key(isLog, resource, scope);
    StringBuilder line = waiting.computeIfAbsent(key, none -> new StringBuilder());
    line.append(line.isEmpty() ? "" : ",").append(json);
    size += json.length();
    if (line.length() > LINE) {
      size -= line.length();
      write(key, waiting.remove(key));
    } else if (size > ALL) {
      finish();
    }
  }

  private void write(Key key, CharSequence items) throws IOException {
    Json json = new Json();
    json.open('{').key(key.isLog ? "resourceLogs" : "resourceSpans").open('[').open('{');
    json.key("resource").raw(key.resource);
    json.key(key.isLog ? "scopeLogs" : "scopeSpans").open('[').open('{');
    json.key("scope").open('{').key("name").value(key.scope).close('}');
    json.key(key.isLog ? "logRecords" : "spans").open('[').raw(items.toString()).close(']');
    json.close('}').close(']').close('}').close(']').close('}');
    out.write(json.take().getBytes(StandardCharsets.UTF_8));
    out.write('\n');
  }

  /** Writes what waits. */
  void finish() throws IOException {
    for (Map.Entry<Key, StringBuilder> each : waiting.entrySet()) {
      write(each.getKey(), each.getValue());
    }
    waiting.clear();
    size = 0;
  }
}
