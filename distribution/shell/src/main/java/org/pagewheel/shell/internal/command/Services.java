package org.pagewheel.shell.internal.command;

import org.pagewheel.Buffers;
import org.pagewheel.runtime.Administration;

/** What the commands work on; asked for at each command, for the runtime may be restarted. */
public interface Services {
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
