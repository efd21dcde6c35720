package org.pagewheel.consumer.network.internal;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.pagewheel.format.PageFormat;
import org.pagewheel.tracedat.PageMemory;

/**
 * A recording at a listener: a control connection, and one for the pages of each CPU. It ends as
 * one file there. For one thread at a time.
 */
final class Connection {
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
        data[cpu] = wires.connect(new InetSocketAddress(address, ports.get(cpu)), nanos);
      }
      return new Connection(wires, control, data, header, settings);
    } catch (IOException | RuntimeException e) {
      wires.close();
      throw e;
    }
  }

  Header header() {
    return header;
  }

  /**
   * Sends a page.
   *
   * @param missed events lost before it that it does not tell of; 0 if none, −1 if unknown
   * @param events what is lost if it does not arrive, those included
   * @throws IOException if it is not sent, or only in part; the connection is of no use then
   */
  void send(int cpu, MemorySegment page, long missed, long events) throws IOException {
    wires.write(data[cpu], memory.bytes(page, format, missed), settings.writeTimeout());
    unconfirmed.add(cpu, events);
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
   * @throws IOException if that cannot be known; {@link #abandon} is to be called then
   */
  void store() throws IOException {
    check(); // an end that was there before ours is no answer to it
    long until = System.nanoTime() + settings.writeTimeout();
    for (SocketChannel channel : data) {
      channel.shutdownOutput();
    }
    for (SocketChannel channel : data) {
      wires.awaitEnd(channel, until);
    }
    Wires.check(control.channel());
    protocol.end(control);
    control.channel().shutdownOutput();
    isStored = true;
  }

  boolean isStored() {
    return isStored;
  }

  /**
   * Waits, for a while, until the listener has made one file of what it has stored; of a large
   * recording that may take longer, and it needs nobody for it.
   */
  void finish() {
    try {
      wires.awaitEnd(control.channel(), System.nanoTime() + settings.connectTimeout());
    } catch (IOException e) {
      // it is on its own now
    } finally {
      wires.close();
    }
  }

  /**
   * Hangs up.
   *
   * @param gone whether the listener did so before: then nothing of this connection is to linger,
   *     for a listener that is started again cannot have its port as long as it does
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
}
