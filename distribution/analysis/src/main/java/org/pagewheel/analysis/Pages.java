package org.pagewheel.analysis;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.pagewheel.format.PageFormat;

/** The pages of one CPU of one buffer, one after another. For one thread. */
public interface Pages {
  /**
   * Goes to the next page.
   *
   * @return the whole page, unchecked, valid until the next call; null after the last one
   * @throws IOException if it cannot be read; the message names the file and the place
   */
  MemorySegment next() throws IOException;

  /**
   * The place of the page in its file; for messages.
   *
   * @return an offset
   */
  long offset();

  /**
   * How the pages are written.
   *
   * @return always the same
   */
  PageFormat format();
}
