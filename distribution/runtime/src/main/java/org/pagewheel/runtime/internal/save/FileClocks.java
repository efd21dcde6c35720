package org.pagewheel.runtime.internal.save;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pagewheel.Buffer;
import org.pagewheel.Clock;
import org.pagewheel.ClockScale;
import org.pagewheel.format.PageCursor;
import org.pagewheel.tracedat.EventAppender;
import org.pagewheel.tracedat.TraceMetadataBuilder;

/**
 * The clocks of a file's buffers. A file says once how counts become nanoseconds, for all of its
 * buffers: where the clocks differ, counts that can become some are written as times of mono.
 */
final class FileClocks {
  private static final String MONO = "mono";

  private final List<Clock> clocks;

  /** Per buffer, what makes its times those of the file; empty if they are. */
  private final List<Optional<ClockScale>> scales = new ArrayList<>();

  FileClocks(List<Buffer> buffers) {
    clocks = buffers.stream().map(buffer -> buffer.config().clock()).toList();
    boolean areSame = clocks.stream().map(Clock::timeline).distinct().count() == 1;
    clocks.forEach(clock -> scales.add(areSame ? Optional.empty() : clock.scale()));
  }

  /** The name of a buffer's clock in the file. */
  String name(int part) {
    return scales.get(part).isPresent() ? MONO : clocks.get(part).timeline();
  }

  /** Adds the clock of the top buffer. */
  void add(TraceMetadataBuilder to) {
    if (scales.getFirst().isPresent()) {
      to.clock(MONO, Optional.empty());
    } else {
      to.clock(clocks.getFirst());
    }
  }

  /** Whether pages of a buffer have to be written event by event. */
  boolean areOthers(int part) {
    return scales.get(part).isPresent();
  }

  /** Appends the events of a page of such a buffer. */
  void append(int part, PageCursor page, MemorySegment memory, EventAppender to)
      throws IOException {
    ClockScale scale = scales.get(part).orElseThrow();
    page.reset(memory);
    long lost = page.missed();
    while (page.next()) {
      to.add(scale.nanos(page.time()), lost, memory, page.payloadOffset(), page.payloadLength());
      lost = 0;
    }
  }
}
