package org.pagewheel.consumer.network.internal;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sockets whose operations all have a time limit. For one thread at a time; an interrupt ends a
 * wait.
 *
 * <p>How it works: the channels never block. What cannot be done at once waits in a selector for
 * just that channel.
 */
final class Wires implements Closeable {
  private final Selector selector;
  private final List<SocketChannel> channels = new ArrayList<>();

  Wires() throws IOException {
    selector = Selector.open();
  }

  /** Connects; the channel belongs to this object and is closed with it. */
  SocketChannel connect(InetSocketAddress address, long nanos) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channels.add(channel);
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    keepAlive(channel);
    long until = System.nanoTime() + nanos;
    boolean done = channel.connect(address);
    while (!done) {
      await(channel, SelectionKey.OP_CONNECT, until, "no connection to " + address);
      done = channel.finishConnect();
    }
    return channel;
  }

  /** Detects a peer that has vanished within half a minute, where that is possible. */
  private static void keepAlive(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    for (SocketOption<?> option : channel.supportedOptions()) {
      switch (option.name()) {
        case "TCP_KEEPIDLE" -> set(channel, option, 10);
        case "TCP_KEEPINTERVAL" -> set(channel, option, 5);
        case "TCP_KEEPCOUNT" -> set(channel, option, 4);
        default -> {}
      }
    }
  }

  @SuppressWarnings("unchecked") // these three are numbers
  private static void set(SocketChannel channel, SocketOption<?> option, int value)
      throws IOException {
    channel.setOption((SocketOption<Integer>) option, value);
  }

  /** Writes all of it; the time limit is for each step. */
  void write(SocketChannel channel, ByteBuffer bytes, long nanos) throws IOException {
    channel.write(bytes);
    while (bytes.hasRemaining()) {
      await(
          channel, SelectionKey.OP_WRITE, System.nanoTime() + nanos, "the listener reads nothing");
      channel.write(bytes);
    }
  }

  /** Reads until the buffer is full. */
  void read(SocketChannel channel, ByteBuffer into, long until) throws IOException {
    while (into.hasRemaining()) {
      int read = channel.read(into);
      if (read < 0) {
        throw new EOFException("the listener has hung up");
      }
      if (read == 0) {
        await(channel, SelectionKey.OP_READ, until, "the listener does not answer");
      }
    }
  }

  /** Reads until the peer has closed its side, which it does when it has stored everything. */
  void awaitEnd(SocketChannel channel, long until) throws IOException {
    ByteBuffer nothing = ByteBuffer.allocate(64);
    int read = channel.read(nothing);
    while (read >= 0) {
      if (read == 0) {
        await(channel, SelectionKey.OP_READ, until, "the listener does not finish");
      }
      read = channel.read(nothing.clear());
    }
  }

  /** Ends the output. */
  static void endQuietly(SocketChannel channel) {
    try {
      channel.shutdownOutput();
    } catch (IOException e) {
      // the peer has closed it
    }
  }

  /** Sleeps, if the time is more than 0. */
  static void pause(long millis) throws InterruptedIOException {
    try {
      Thread.sleep(Math.max(0, millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** Fails if the peer has hung up, as far as that is known; never waits. */
  static void check(SocketChannel channel) throws IOException {
    if (channel.read(ByteBuffer.allocate(1)) < 0) {
      throw new EOFException("the listener has hung up");
    }
  }

  private void await(SocketChannel channel, int operation, long until, String why)
      throws IOException {
    SelectionKey key = channel.register(selector, operation);
    try {
      while (true) {
        long left = until - System.nanoTime();
        if (left <= 0) {
          throw new SocketTimeoutException(why);
        }
        selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("interrupted");
        }
        if ((key.readyOps() & operation) != 0) {
          return;
        }
      }
    } finally {
      if (key.isValid()) {
        key.interestOps(0);
      }
    }
  }

  /** From now on {@link #close} ends the connections at once and without a trace. */
  void reset() {
    for (SocketChannel channel : channels) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        // closed already
      }
    }
  }

  /** Closes all of them, whatever happens. */
  @Override
  public void close() {
    for (SocketChannel channel : channels) {
      closeQuietly(channel);
    }
    closeQuietly(selector);
  }

  static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // it is not used again, whatever its state
    }
  }
}
