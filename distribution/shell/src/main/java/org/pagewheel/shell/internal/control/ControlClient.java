package org.pagewheel.shell.internal.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pagewheel.shell.internal.print.CommandFailed;

/** The connection to a process that records. */
final class ControlClient implements AutoCloseable {
  /** A living process greets and reports its status within this time. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String pid;
  private final SocketChannel channel;
  private final Selector selector;
  private final Frame.Reader reader = new Frame.Reader();

  /** A question was not answered in time; its answer is still to come. */
  private boolean owed;

  private ControlClient(String pid, SocketChannel channel, Selector selector) {
    this.pid = pid;
    this.channel = channel;
    this.selector = selector;
  }

  /** The sockets of this user's processes. */
  static List<Path> sockets(Map<String, String> environment) throws IOException {
    List<Path> sockets = new ArrayList<>();
    for (Path directory : ControlDirectory.all(environment)) {
      sockets.addAll(SocketFile.living(directory));
    }
    return sockets;
  }

  /** The socket of a process, if it has one; also looked for where its own environment says. */
  static Optional<Path> socket(Map<String, String> environment, String pid) throws IOException {
    List<Map<String, String>> environments = new ArrayList<>(List.of(environment));
    ControlDirectory.environmentOf(pid).ifPresent(environments::add);
    for (Map<String, String> each : environments) {
      for (Path socket : sockets(each)) {
        if (SocketFile.pid(socket).equals(pid)) {
          return Optional.of(socket);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Connects to the process of a number.
   *
   * @throws IOException if there is none, or it does not answer; the message says which
   */
  static ControlClient connect(Map<String, String> environment, String pid) throws IOException {
    Optional<Path> socket = socket(environment, pid);
    if (socket.isPresent()) {
      return connect(socket.get());
    }
    List<Path> sockets = sockets(environment);
    String known =
        sockets.isEmpty()
            ? "no process of yours does"
            : "these do: " + String.join(", ", sockets.stream().map(SocketFile::pid).toList());
    throw new CommandFailed("process %s has no control socket; %s".formatted(pid, known));
  }

  static ControlClient connect(Path socket) throws IOException {
    String pid = SocketFile.pid(socket);
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    Selector selector = null;
    try {
      channel.configureBlocking(false);
      channel.connect(UnixDomainSocketAddress.of(socket));
      if (!SocketFile.isOwn(channel, socket)) {
        throw new CommandFailed(socket + " does not belong to this user");
      }
      selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
      ControlClient client = new ControlClient(pid, channel, selector);
      Frame greeting = client.read(PATIENCE);
      if (greeting.type() != Frame.VERSION || !greeting.text().equals(Frame.VERSION_NUMBER)) {
        throw new CommandFailed(
            "process %s is of another version of Pagewheel: use that one's".formatted(pid));
      }
      return client;
    } catch (ConnectException e) {
      channel.close();
      throw new CommandFailed("process " + pid + " has just ended", e);
    } catch (IOException | RuntimeException e) {
      if (selector != null) {
        selector.close();
      }
      channel.close();
      throw e;
    }
  }

  String pid() {
    return pid;
  }

  void send(Frame frame) throws IOException {
    ByteBuffer bytes = frame.encoded();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
      if (bytes.hasRemaining()) {
        await(SelectionKey.OP_WRITE, end);
      }
    }
  }

  /**
   * Waits for a frame.
   *
   * @throws IOException if it does not come in that time, or the process has gone
   */
  Frame read(Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    Frame frame = poll();
    while (frame == null) {
      await(SelectionKey.OP_READ, end);
      frame = poll();
    }
    return frame;
  }

  /** Waits for a frame, at most this long; null if none came. */
  Frame poll(Duration patience) throws IOException {
    Frame frame = poll();
    if (frame == null) {
      select(SelectionKey.OP_READ, patience.toMillis());
      frame = poll();
    }
    return frame;
  }

  private Frame poll() throws IOException {
    while (true) {
      Frame frame = reader.next();
      if (frame != null) {
        return frame;
      }
      int count = channel.read(reader.room());
      if (count < 0) {
        throw new Gone("process " + pid + " has ended the connection");
      }
      if (count == 0) {
        return null;
      }
    }
  }

  private void await(int operation, long end) throws IOException {
    long left = end - System.nanoTime();
    if (left <= 0) {
      throw new Gone("process " + pid + " does not answer");
    }
    select(operation, left / 1_000_000 + 1);
  }

  private void select(int operation, long millis) throws IOException {
    channel.keyFor(selector).interestOps(operation);
    selector.select(key -> {}, millis);
  }

  /**
   * Sends a request that is answered by one frame.
   *
   * @throws IOException if it is not answered in that time; the next request then waits for that
   *     answer
   */
  Frame ask(Frame question, Duration patience) throws IOException {
    begin(question);
    owed = true;
    Frame answer = read(patience);
    owed = false;
    return answer;
  }

  /** Sends a request once the one before is answered: a process takes one at a time. */
  void begin(Frame request) throws IOException {
    if (owed) {
      read(PATIENCE);
      owed = false;
    }
    send(request);
  }

  Status status() throws IOException {
    Frame answer = ask(new Frame(Frame.STATUS, new byte[0]), PATIENCE);
    try {
      return Status.parse(answer.text());
    } catch (RuntimeException e) {
      throw new CommandFailed("process " + pid + " reports a status that cannot be understood", e);
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
