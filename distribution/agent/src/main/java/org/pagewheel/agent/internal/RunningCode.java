package org.pagewheel.agent.internal;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import org.pagewheel.Buffers;
import org.pagewheel.probes.Probes;
import org.pagewheel.runtime.Administration;
import org.pagewheel.runtime.internal.Engine;
import org.pagewheel.shell.internal.command.Services;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.spi.Reason;

/**
 * What the commands work on in an agent: buffers, and the application's classes. Nothing that
 * changes classes is loaded before the first probe.
 */
final class RunningCode implements Services, AutoCloseable {
  private final Engine engine;
  private final Instrumentation instrumentation;

  /** Null until the first use; guarded by this, like everything below. */
  private Probes probes;

  private boolean closed;

  RunningCode(Engine engine, Instrumentation instrumentation) {
    this.engine = engine;
    this.instrumentation = instrumentation;
  }

  @Override
  public Buffers buffers() {
    return engine.buffers();
  }

  @Override
  public Administration administration() {
    return engine.administration();
  }

  @Override
  public synchronized Probes probes() throws CommandFailed {
    if (closed) {
      throw new CommandFailed("the application is ending");
    }
    if (probes == null) {
      try {
        probes = Probes.of(instrumentation, engine.buffers());
      } catch (IOException | IllegalStateException e) {
        throw new CommandFailed("running code cannot be changed here: " + Reason.of(e), e);
      }
    }
    return probes;
  }

  /** Restores the classes. */
  @Override
  public synchronized void close() {
    closed = true;
    if (probes != null) {
      probes.close();
    }
  }
}
