package org.pagewheel;

import org.osgi.annotation.versioning.ProviderType;

/**
 * One party's stop of a buffer's recording, see {@link Buffer#pause}. It lasts until it is closed,
 * by any thread; one that is never closed lasts as long as the buffer.
 */
@ProviderType
public interface Pause extends AutoCloseable {
  /**
   * Ends this pause. The buffer records again once no other pause is open and it has not been
   * turned {@link Buffer#off off}. Does nothing the second time, so that nobody can end the pause
   * of another, and nothing once the buffer is closed. Waits for a change of the ring that is under
   * way, never for writers or readers. After a {@code StackOverflowError} or {@code
   * OutOfMemoryError} the pause is still open, and can be closed again.
   */
  @Override
  void close();
}
