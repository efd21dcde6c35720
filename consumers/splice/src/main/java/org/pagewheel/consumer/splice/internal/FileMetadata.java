package org.pagewheel.consumer.splice.internal;

import java.util.Optional;
import org.pagewheel.Buffer;
import org.pagewheel.Clock;
import org.pagewheel.ClockScale;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.PageFormat;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.tracedat.TraceMetadata;
import org.pagewheel.tracedat.TraceMetadataBuilder;
import org.pagewheel.tracedat.TraceOption;

/** Makes the metadata of a file. */
final class FileMetadata {
  private final Buffer buffer;
  private final Metadata metadata;

  FileMetadata(ConsumerContext context) {
    this.buffer = context.buffer();
    this.metadata = context.metadata();
  }

  String clock() {
    return buffer.config().clock().timeline();
  }

  int cpus() {
    return buffer.config().cpus();
  }

  int pageSize() {
    return buffer.config().pageSize();
  }

  /** How many event types there are; cheap enough to ask for each page. */
  int formats() {
    return metadata.formatCount();
  }

  /** As of now, for a file that is being written. */
  TraceMetadata now(String clock, int pageSize) {
    return builder(clock, pageSize).build();
  }

  private TraceMetadataBuilder builder(String clock, int pageSize) {
    return TraceMetadata.builder(PageFormat.of(pageSize))
        .add(metadata)
        .clock(clock, scale(clock))
        .option(TraceOption.uname())
        .option(TraceOption.version());
  }

  /** The buffer may have another clock by now; then the file is about to end. */
  private Optional<ClockScale> scale(String clock) {
    Clock now = buffer.config().clock();
    return now.timeline().equals(clock) ? now.scale() : Optional.empty();
  }

  /** With the account of each CPU, for a finished file. */
  TraceMetadata last(String clock, int pageSize, int cpus) {
    TraceMetadataBuilder builder = builder(clock, pageSize);
    Clock now = buffer.config().clock();
    for (int cpu = 0; cpu < Math.min(cpus, cpus()); cpu++) {
      builder.option(TraceOption.cpuStat("", cpu, buffer.counters(cpu), now));
    }
    return builder.build();
  }
}
