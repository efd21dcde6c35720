package org.pagewheel.benchmarks;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jmh.annotations.Benchmark;
import org.pagewheel.Buffer;
import org.pagewheel.event.DurationType;
import org.pagewheel.event.EventType;
import org.pagewheel.event.SpanType;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.RingWriter;
import org.pagewheel.spi.WritableBuffer;

/**
 * An event through the public API: CPU number, clock, room, 8 bytes of common fields, the payload,
 * commit. There is no reader unless noted; the oldest pages are overwritten.
 */
public class RecordBenchmark {
  /** Three longs. */
  record Three(long first, long second, long third) {}

  private static final EventType<Three> THREE = EventType.of("benchmark", Three.class);

  /** With the number of the span, three longs. */
  record Two(long first, long second) {}

  private static final SpanType<Two, Two> SPAN =
      SpanType.of("benchmark_span", Two.class, Two.class);

  private static final DurationType<Two> DURATION =
      DurationType.of("benchmark_duration", Two.class);

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final int COMMON = Long.BYTES;
  private static final long COMMON_FIELDS = 0x0000_1234_0000_0001L;

  @Benchmark
  public boolean typed24(BufferUnderTest target, Payload payload) {
    return typed(target.buffer, payload.next());
  }

  /** Begin and end: to be compared with two events. */
  @Benchmark
  public boolean span(BufferUnderTest target, Payload payload) {
    try (var span = SPAN.begin(target.buffer, new Two(payload.next(), 1))) {
      return span.end(new Two(payload.next(), 2));
    }
  }

  /** A span of one event, with its duration. */
  @Benchmark
  public boolean duration(BufferUnderTest target, Payload payload) {
    try (var span = DURATION.begin(target.buffer)) {
      return span.end(new Two(payload.next(), 2));
    }
  }

  @Benchmark
  public boolean raw8(BufferUnderTest target, Payload payload) {
    return write(target.buffer, 8, payload.next());
  }

  @Benchmark
  public boolean raw24(BufferUnderTest target, Payload payload) {
    return write24(target.buffer, payload.next());
  }

  /** Includes the cost of the consumer that takes the pages, as the peers' drains are included. */
  @Benchmark
  public boolean spliced24(SplicedBuffer target, Payload payload) {
    return write24(target.buffer, payload.next());
  }

  /** With files, network and statistics, which share the CPUs with the writers. */
  @Benchmark
  public boolean consumed24(ConsumedBuffer target, Payload payload) {
    return write24(target.buffer, payload.next());
  }

  @Benchmark
  public boolean raw100(BufferUnderTest target, Payload payload) {
    return write(target.buffer, 100, payload.next());
  }

  static boolean typed(Buffer buffer, long value) {
    return THREE.record(buffer, new Three(value, value, value));
  }

  /** Three longs, written as an application would that has three. */
  static boolean write24(WritableBuffer buffer, long value) {
    RingWriter ring = buffer.writer();
    long at = ring.reserve(COMMON + 24);
    while (at == Refusal.SEALED) {
      ring = buffer.successor(ring);
      at = ring.reserve(COMMON + 24);
    }
    if (at < 0) {
      return false;
    }
    MemorySegment memory = ring.memory(at);
    long offset = Reservation.offset(at);
    memory.set(LONG, offset, COMMON_FIELDS);
    memory.set(LONG, offset + COMMON, value);
    memory.set(LONG, offset + COMMON + 8, value);
    memory.set(LONG, offset + COMMON + 16, value);
    ring.commit(at);
    return true;
  }

  /** A payload of any length: as many longs as there is room for, and an int if there is more. */
  private static boolean write(WritableBuffer buffer, int length, long value) {
    RingWriter ring = buffer.writer();
    long at = ring.reserve(COMMON + length);
    while (at == Refusal.SEALED) {
      ring = buffer.successor(ring);
      at = ring.reserve(COMMON + length);
    }
    if (at < 0) {
      return false;
    }
    MemorySegment memory = ring.memory(at);
    long offset = Reservation.offset(at);
    memory.set(LONG, offset, COMMON_FIELDS);
    int done = 0;
    for (; done + Long.BYTES <= length; done += Long.BYTES) {
      memory.set(LONG, offset + COMMON + done, value);
    }
    if (done < length) {
      memory.set(ValueLayout.JAVA_INT_UNALIGNED, offset + COMMON + done, (int) value);
    }
    ring.commit(at);
    return true;
  }
}
