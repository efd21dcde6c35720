package org.pagewheel.shell.internal.command;

import org.pagewheel.Buffers;
import org.pagewheel.probes.Probes;
import org.pagewheel.runtime.Administration;
import org.pagewheel.shell.internal.print.CommandFailed;

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

  /**
   * What changes running code.
   *
   * @throws CommandFailed if no agent has given it
   */
  default Probes probes() throws CommandFailed {
    throw new CommandFailed(
        "running code cannot be changed here: it takes the agent, java"
            + " -javaagent:pagewheel-agent.jar");
  }
}
