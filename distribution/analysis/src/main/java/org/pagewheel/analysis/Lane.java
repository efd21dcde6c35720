package org.pagewheel.analysis;

import java.io.IOException;

/**
 * One CPU of one buffer of a trace: a stream of events in the order of time.
 *
 * @param buffer the name of an instance; empty for the top buffer
 * @param cpu the CPU
 * @param source opens the pages
 */
public record Lane(String buffer, int cpu, Source source) {
  /** Opens the pages, any number of times. */
  @FunctionalInterface
  public interface Source {
    /**
     * Begins with the first page.
     *
     * @return new pages
     * @throws IOException if they cannot be read
     */
    Pages open() throws IOException;
  }
}
