package org.pagewheel.shell.internal.terminal;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The terminal of a session whose user is at another process: a width, and Ctrl-C. It has neither
 * colours nor keys. Commands use it like JLine's, by reflection.
 */
public final class RemoteTerminal {
  /** The only signal. */
  public enum Signal {
    /** Ctrl-C. */
    INT
  }

  /** The handler of a signal. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Handles it.
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
   * @param otherwise the handler of Ctrl-C while no command has set one
   */
  public RemoteTerminal(Handler otherwise) {
    handler = new AtomicReference<>(otherwise);
  }

  /** The current handler of Ctrl-C. */
  public Handler handler() {
    return handler.get();
  }

  /** The width of the user's terminal; 0 if nobody is watching. */
  public void setColumns(int columns) {
    this.columns = columns;
  }

  /** Whether a user is watching who can press Ctrl-C. */
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
