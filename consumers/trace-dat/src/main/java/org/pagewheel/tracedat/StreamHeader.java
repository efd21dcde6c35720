package org.pagewheel.tracedat;

import java.util.List;

/**
 * What is sent before the pages to {@code trace-cmd listen}, which then puts a file together:
 * everything in a file that is known without the pages.
 */
public final class StreamHeader {
  private StreamHeader() {}

  /**
   * A file of version 6 from its first byte to the thread names. It has no options: times are shown
   * as nanoseconds, whatever the clock.
   *
   * @param metadata what is known now
   * @return what the listener's first protocol takes
   */
  public static byte[] v6(TraceMetadata metadata) {
    return new V6Header(metadata, List.of()).untilThreadNames();
  }

  /**
   * A file of version 7 up to its options, without any buffer.
   *
   * @param metadata what is known now, the number of CPUs included
   * @return what the listener's third protocol takes
   */
  public static byte[] v7(TraceMetadata metadata) {
    return new V7Header(metadata, List.of()).encode(new long[0], new long[0][], new long[0][]);
  }
}
