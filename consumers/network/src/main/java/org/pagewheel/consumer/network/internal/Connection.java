package org.pagewheel.consumer.network.internal;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pagewheel.format.PageFormat;
import org.pagewheel.tracedat.Losses;
import org.pagewheel.tracedat.PageMemory;

/**
 * A recording at a listener: a control connection, and one for the pages of each CPU. It ends as
 * one file there. For one thread at a time.
 */
final class Connection {
  /*
   * How it ends. A listener of protocol v1 has one reader for each CPU, and takes the end of any of
   * them for the end of the recording: it interrupts its wait for the control connection. It then
   * gives the other readers a second, tells them to stop, and gives them another; but the end of
   * another reader cuts each of these waits short too. What a reader has not stored by then is
   * missing from the file, though the reader goes on and closes its connection as if all were well.
   * So no connection is ended before all readers have, by all that is known, read what was sent,
   * and then had the read-time; then one is ended, then, after a second in which the listener can
   * be found alive, the rest. A reader that has read everything ends at once. One that needs longer
   * may have come too late: then what was sent counts as lost.
   */

  /** How long a reader that has nothing left to read may take to end. */
  private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long LOOK_MILLIS = 5;

  /** A listener names its data ports a moment before it listens on them. */
  private static final long REFUSED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long RETRY_MILLIS = 5;

  private final Wires wires;
  private final Protocol protocol;
  private final Protocol.Talk control;
  private final SocketChannel[] data;
  private final Header header;
  private final NetworkSettings settings;
  private final PageFormat format;
  private final PageMemory memory = new PageMemory();

  /** What is lost unless the listener has stored everything. */
  private final Losses unconfirmed = new Losses();

  /** The events on the pages that were sent. */
  private long carried;

  private long bytes;

  /** When a page was last sent or last seen under way. */
  private long sent = System.nanoTime();

  private boolean isStored;

  private Connection(
      Wires wires,
      Protocol.Talk control,
      SocketChannel[] data,
      Header header,
      NetworkSettings settings) {
    this.wires = wires;
    this.protocol = settings.protocol();
    this.control = control;
    this.data = data;
    this.header = header;
    this.settings = settings;
    this.format = PageFormat.of(header.pageSize());
  }

  /** Connects, greets and sends the header; nothing stays open if that fails. */
  static Connection open(Target target, NetworkSettings settings, Header header)
      throws IOException {
    InetAddress address = target.resolve();
    byte[] bytes = settings.protocol().header(header.metadata());
    Wires wires = new Wires();
    try {
      long nanos = settings.connectTimeout();
      SocketChannel channel = wires.connect(new InetSocketAddress(address, target.port()), nanos);
      Protocol.Talk control = new Protocol.Talk(wires, channel, nanos);
      List<Integer> ports = settings.protocol().begin(control, header.cpus(), header.pageSize());
      settings.protocol().send(control, bytes);
      SocketChannel[] data = new SocketChannel[header.cpus()];
      for (int cpu = 0; cpu < data.length; cpu++) {
        data[cpu] = connectData(control, new InetSocketAddress(address, ports.get(cpu)));
      }
      return new Connection(wires, control, data, header, settings);
    } catch (IOException | RuntimeException e) {
      wires.reset(); // a listener that was killed meanwhile gets its port back at once
      wires.close();
      throw e;
    }
  }

  private static SocketChannel connectData(Protocol.Talk control, InetSocketAddress address)
      throws IOException {
    long until = System.nanoTime() + REFUSED_NANOS;
    while (true) {
      try {
        return control.wires().connect(address, control.nanos());
      } catch (ConnectException e) {
        Wires.check(control.channel());
        if (System.nanoTime() - until > 0) {
          throw e;
        }
        Wires.pause(RETRY_MILLIS);
      }
    }
  }

  Header header() {
    return header;
  }

  /**
   * Sends a page.
   *
   * @param missed events lost before it that it does not report itself; 0 if none, −1 if unknown
   * @param events what to report as lost if it does not arrive, including those missed
   * @param count the events on the page
   * @throws IOException if it is not sent, or only in part; the connection is then unusable
   */
  void send(int cpu, MemorySegment page, long missed, long events, long count) throws IOException {
    wires.write(data[cpu], memory.bytes(page, format, missed), settings.writeTimeout());
    unconfirmed.add(cpu, events);
    carried = Losses.sum(carried, count);
    bytes += page.byteSize();
    sent = System.nanoTime();
  }

  /** Whether the listener has read a page, as far as is known. */
  boolean isRead() throws IOException {
    boolean isRead = bytes > 0 && bytes - Unread.bytes(data) >= header.pageSize();
    check(); // last, for a connection that was reset has nothing unread either
    return isRead;
  }

  /** Fails if the listener is known to have hung up. */
  void check() throws IOException {
    Wires.check(control.channel());
    for (SocketChannel channel : data) {
      Wires.check(channel);
    }
  }

  /**
   * Ends the recording, and waits until the listener has stored all pages.
   *
   * @throws IOException if that cannot be known; then call {@link #abandon}
   */
  void store() throws IOException {
    check(); // an end before ours is not an answer to it
    if (protocol.endsWithAnyReader() && data.length > 1) {
      awaitReaders();
      end(List.of(data[0]), until());
      Wires.check(control.channel());
      end(List.of(data).subList(1, data.length), System.nanoTime() + LATE_NANOS);
    } else {
      end(List.of(data), until());
      Wires.check(control.channel());
    }
    protocol.end(control);
    Wires.endQuietly(control.channel()); // the listener may have done so by now
    isStored = true;
  }

  private long until() {
    return System.nanoTime() + settings.writeTimeout();
  }

  /** Waits until they have read everything, as far as is known, and the read-time is over. */
  private void awaitReaders() throws IOException {
    long until = until();
    long unread = Unread.bytes(data);
    while (unread > 0) {
      if (System.nanoTime() - until > 0) {
        throw new SocketTimeoutException("the listener reads nothing");
      }
      Wires.pause(LOOK_MILLIS);
      long before = unread;
      unread = Unread.bytes(data);
      until = unread < before ? until() : until;
      sent = System.nanoTime();
    }
    long left = settings.readTime() - (System.nanoTime() - sent);
    Wires.pause(TimeUnit.NANOSECONDS.toMillis(left));
  }

  private void end(List<SocketChannel> channels, long until) throws IOException {
    for (SocketChannel channel : channels) {
      channel.shutdownOutput();
    }
    for (SocketChannel channel : channels) {
      wires.awaitEnd(channel, until);
    }
  }

  boolean isStored() {
    return isStored;
  }

  /**
   * Waits a while for the listener to make one file of what it has stored; for a large recording
   * this may take longer, and the listener finishes it alone.
   */
  void finish() {
    try {
      wires.awaitEnd(control.channel(), System.nanoTime() + settings.connectTimeout());
    } catch (IOException e) {
      // it finishes alone now
    } finally {
      wires.close();
    }
  }

  /**
   * Hangs up.
   *
   * @param gone whether the listener hung up before: then the connection must not linger, for a
   *     restarted listener cannot have its port while it does
   */
  void abandon(boolean gone) {
    if (gone) {
      wires.reset();
    }
    wires.close();
  }

  /** What is lost unless {@link #store} succeeds. */
  Losses unconfirmed() {
    return unconfirmed;
  }

  /** How many of those events were on its pages. */
  long carried() {
    return carried;
  }
}
