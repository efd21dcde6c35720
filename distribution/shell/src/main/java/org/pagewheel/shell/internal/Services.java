package org.pagewheel.shell.internal;

import org.pagewheel.Buffers;
import org.pagewheel.runtime.Administration;

/** What the commands work on; asked for at each command, for the runtime may be restarted. */
interface Services {
  /**
   * The registry of buffers.
   *
   * @throws IllegalStateException if there is none now
   */
  Buffers buffers();

  /**
   * The runtime.
   *
   * @throws IllegalStateException if there is none now
   */
  Administration administration();
}
