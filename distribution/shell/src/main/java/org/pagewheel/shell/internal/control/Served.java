package org.pagewheel.shell.internal.control;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A client as the server sees it: the bytes on their way from and to it, and its state.
 *
 * <p>The server's thread reads and writes and never waits; the thread that runs a client's commands
 * waits in {@link #send} while the client does not read.
 */
final class Served {
  private static final int MAX_WAITING = 1 << 18;

  private final SocketChannel channel;
  private final Runnable wakeUp;
  private final Conversation conversation;
  private final Frame.Reader reader = new Frame.Reader();

  /** Guarded by this, as is all below. */
  private final Deque<ByteBuffer> out = new ArrayDeque<>();

  private int waiting;
  private boolean closed;
  private boolean busy;
  private boolean asked;

  /** Since when the client has to act; by {@link System#nanoTime}. */
  private long stuckSince = System.nanoTime();

  Served(SocketChannel channel, Runnable wakeUp, Conversation.Maker conversations) {
    this.channel = channel;
    this.wakeUp = wakeUp;
    this.conversation = conversations.make(this::send);
  }

  Conversation conversation() {
    return conversation;
  }

  /** Reads what has come; null if no frame is complete. */
  Frame read() throws IOException {
    while (true) {
      Frame frame = reader.next();
      if (frame != null) {
        return frame;
      }
      int count = channel.read(reader.room());
      if (count < 0) {
        throw new IOException("it has gone");
      }
      if (count == 0) {
        return null;
      }
    }
  }

  /** Begins with a request; false if the one before has not been answered. */
  synchronized boolean begin() {
    if (busy || closed || waiting > MAX_WAITING) {
      return false;
    }
    busy = true;
    asked = true;
    return true;
  }

  /**
   * Notes that the request has been answered. Does not wait: the server's own thread comes here
   * too.
   *
   * @throws IOException if the client has gone
   */
  void done(Frame last) throws IOException {
    ByteBuffer bytes = last.encoded();
    synchronized (this) {
      if (closed) {
        throw new IOException("the client has gone");
      }
      out.add(bytes);
      waiting += bytes.remaining();
      busy = false;
      stuckSince = System.nanoTime();
    }
    wakeUp.run();
  }

  /**
   * Sends something; waits while the client does not read.
   *
   * @throws IOException if the client has gone, or the thread was interrupted
   */
  void send(Frame frame) throws IOException {
    ByteBuffer bytes = frame.encoded();
    synchronized (this) {
      while (waiting > MAX_WAITING && !closed) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("interrupted");
        }
      }
      if (closed) {
        throw new IOException("the client has gone");
      }
      if (out.isEmpty()) {
        stuckSince = System.nanoTime();
      }
      out.add(bytes);
      waiting += bytes.remaining();
    }
    wakeUp.run();
  }

  /** Writes what the client takes; true if more waits. */
  synchronized boolean write() throws IOException {
    while (!out.isEmpty()) {
      ByteBuffer next = out.peek();
      int count = channel.write(next);
      waiting -= count;
      if (count > 0) {
        stuckSince = System.nanoTime();
      }
      if (next.hasRemaining()) {
        notifyAll();
        return true;
      }
      out.remove();
    }
    notifyAll();
    return false;
  }

  /** Whether it waits for an answer, or an answer waits for it. */
  synchronized boolean isBusy() {
    return busy;
  }

  /** Whether it has connected and asked for nothing. */
  synchronized boolean isSilent() {
    return !asked;
  }

  /** For how long the client has had to act; -1 if the server has to. */
  synchronized long stuckNanos(long now) {
    return busy && out.isEmpty() ? -1 : now - stuckSince;
  }

  /** Ends it, and what runs for it. */
  void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      out.clear();
      notifyAll();
    }
    try {
      channel.close();
    } catch (IOException e) {
      // it has gone in any case
    }
    conversation.end();
  }
}
