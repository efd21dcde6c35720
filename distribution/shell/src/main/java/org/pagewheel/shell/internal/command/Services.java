package org.pagewheel.shell.internal.command;

import java.util.Optional;
import org.pagewheel.Buffer;
import org.pagewheel.Buffers;
import org.pagewheel.analysis.SqlEngine;
import org.pagewheel.probes.Probes;
import org.pagewheel.runtime.Administration;
import org.pagewheel.runtime.BufferStatus;
import org.pagewheel.shell.internal.print.CommandFailed;

/** What the commands work on; looked up for each command, for the runtime may be restarted. */
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

  /** How a buffer is; empty if it has been destroyed meanwhile. */
  default Optional<BufferStatus> status(Buffer buffer) {
    return administration().buffers().stream()
        .filter(status -> status.name().equals(buffer.name()))
        .findFirst();
  }

  /**
   * The service that changes running code.
   *
   * @throws CommandFailed if there is no agent
   */
  default Probes probes() throws CommandFailed {
    throw new CommandFailed(
        "running code cannot be changed here: it takes the agent, java"
            + " -javaagent:pagewheel-agent.jar");
  }

  /** What answers questions in SQL; empty if the add-on is not there. */
  default Optional<SqlEngine> sql() {
    return Optional.empty();
  }
}
