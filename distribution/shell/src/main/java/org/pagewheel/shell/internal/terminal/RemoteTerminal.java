package org.pagewheel.shell.internal.terminal;

import java.util.concurrent.atomic.AtomicReference;

/**
 * What a session has for a terminal whose user sits at another process: a width, and Ctrl-C. It
 * knows neither colours nor keys. Commands look at it as at one of JLine's, by reflection.
 */
public final class RemoteTerminal {
  /** The one there is. */
  public enum Signal {
    /** Ctrl-C. */
    INT
  }

  /** What a signal does. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Does it.
     *
     * @param signal which one
     */
    void handle(Signal signal);
  }

  private final AtomicReference<Handler> handler;
  private volatile int columns;

  /**
   * Makes one.
   *
   * @param otherwise what Ctrl-C does while no command has asked for it
   */
  public RemoteTerminal(Handler otherwise) {
    handler = new AtomicReference<>(otherwise);
  }

  /** What Ctrl-C does now. */
  public Handler handler() {
    return handler.get();
  }

  /** How wide the user's terminal is; 0 if nobody looks on. */
  public void setColumns(int columns) {
    this.columns = columns;
  }

  /** Whether somebody looks on who can press Ctrl-C. */
  boolean hasUser() {
    return columns > 0;
  }

  int columns() {
    return columns > 0 ? columns : Integer.MAX_VALUE;
  }

  /** As JLine's; {@link Stop} calls it. */
  public Handler handle(Signal signal, Handler next) {
    return handler.getAndSet(next);
  }

  /** As JLine's. */
  public String getType() {
    return "dumb";
  }
}
