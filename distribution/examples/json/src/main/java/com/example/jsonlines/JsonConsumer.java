package com.example.jsonlines;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.StringJoiner;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;
import org.pagewheel.event.Metadata;
import org.pagewheel.spi.EventConsumer;

/**
 * Appends an object of JSON to a file for each event, and one for each loss, a line each:
 *
 * <pre>{@code
 * {"event":"shop:order_filled","time":81625,"cpu":0,"pid":4251,"fields":{"id":17,"side":"BUY"}}
 * {"lost":12,"cpu":0}
 * }</pre>
 */
final class JsonConsumer extends EventConsumer {
  private final BufferedWriter out;

  JsonConsumer(Metadata metadata, Path file) throws IOException {
    super(metadata);
    out = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Override
  protected void event(Event event) throws IOException {
    StringJoiner fields = new StringJoiner(",", "{", "}");
    for (EventField field : event.fields()) {
      fields.add(Json.of(field.name()) + ":" + Json.of(event, field));
    }
    out.write(
        "{\"event\":%s,\"time\":%d,\"cpu\":%d,\"pid\":%d,\"fields\":%s}\n"
            .formatted(
                Json.of(event.system() + ":" + event.name()),
                event.time(),
                event.cpu(),
                event.pid(),
                fields));
  }

  @Override
  protected void lost(int cpu, long events) throws IOException {
    out.write("{\"lost\":%s,\"cpu\":%d}\n".formatted(events < 0 ? "null" : events, cpu));
  }

  /** Called when no page is at hand, so that lines do not wait in the writer for long. */
  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
