package org.pagewheel.analysis;

import java.nio.ByteOrder;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.PageFormat;

/** What describes the events of a buffer of this process, without the events. */
record BufferTrace(Buffer buffer) implements Trace {
  @Override
  public String name() {
    return "buffer " + buffer.name();
  }

  @Override
  public List<Lane> lanes() {
    return List.of();
  }

  @Override
  public Collection<EventFormat> formats() {
    return Metadata.process().formats();
  }

  @Override
  public Map<Integer, String> threadNames() {
    return Metadata.process().threadNames();
  }

  @Override
  public PageFormat pageFormat() {
    return PageFormat.of(buffer.config().pageSize());
  }

  @Override
  public ByteOrder order() {
    return ByteOrder.LITTLE_ENDIAN;
  }

  @Override
  public String clock() {
    return buffer.config().clock().timeline();
  }

  @Override
  public OptionalLong wallOffset() {
    return OptionalLong.empty();
  }

  @Override
  public void close() {
    // the buffer belongs to its owner
  }
}
