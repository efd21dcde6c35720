package org.pagewheel.shell.internal.control;

import java.io.IOException;

/** What a process does for one client. */
interface Conversation {
  /** Sends to the client, and waits while it does not read. */
  @FunctionalInterface
  interface Line {
    void send(Frame frame) throws IOException;
  }

  /** Begins one. */
  @FunctionalInterface
  interface Maker {
    Conversation make(Line line);
  }

  /**
   * Does what a frame asks for, on a thread that may wait.
   *
   * @return the frame that ends the answer
   * @throws IOException if the client has gone, or asks for something unknown
   */
  Frame answer(Frame frame) throws IOException;

  /** A request has come, which {@link #answer} gets on another thread; returns at once. */
  void begin();

  /** Ctrl-C, for the request that has come last; returns at once. */
  void interrupt();

  /** The client has gone; returns at once. */
  void end();
}
