package org.pagewheel.shell.internal.control;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Listens for this user's {@code ps}, {@code ctl} and {@code shell}, and answers. */
public final class ControlServer implements AutoCloseable {
  static final int MAX_CLIENTS = 64;
  static final int MAX_COMMANDS = 16;

  /** How many frames of a client are looked at in one turn. */
  private static final int MAX_FRAMES = 16;

  private static final Frame TOO_MANY =
      GogoConversation.result(
          Program.Status.FAILED,
          "as many commands of clients run there as may at once: try again in a moment");

  /** How long one may take to ask for something once it is connected. */
  static final Duration FIRST_REQUEST = Duration.ofSeconds(5);

  /** It waits for no client, so this depends only on the processors. */
  private static final Duration LAST_TURN = Duration.ofSeconds(2);

  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration OUT_OF_FILES = Duration.ofMillis(100);

  private final Map<String, String> environment;
  private final Selector selector;

  /** Written only by {@link #thread} once that runs. */
  private volatile SocketFile.Listening socket;

  private long nextLook = System.nanoTime();
  private final Conversation.Maker conversations;
  private final Thread thread;
  private final AtomicInteger numbers = new AtomicInteger();

  /** Commands of clients that have gone may take a while to end: they count too. */
  private final Semaphore commands = new Semaphore(MAX_COMMANDS);

  /** Other requests of a client take no time. */
  private final Semaphore questions = new Semaphore(MAX_CLIENTS);

  private volatile boolean closed;

  private ControlServer(
      Map<String, String> environment,
      SocketFile.Listening socket,
      Selector selector,
      Conversation.Maker conversations) {
    this.environment = environment;
    this.socket = socket;
    this.selector = selector;
    this.conversations = conversations;
    this.thread = Thread.ofPlatform().daemon().name("pagewheel-control").unstarted(this::run);
  }

  /**
   * Listens from now on.
   *
   * @param environment says where the socket may be
   * @param conversations makes the clients' conversations
   * @throws IOException if there is no place for the socket
   */
  public static ControlServer open(
      Map<String, String> environment, Conversation.Maker conversations) throws IOException {
    Selector selector = Selector.open();
    SocketFile.Listening socket = null;
    try {
      socket = listen(environment, selector);
      ControlServer server = new ControlServer(environment, socket, selector, conversations);
      server.thread.start();
      return server;
    } catch (IOException | RuntimeException | Error e) {
      try (selector) {
        if (socket != null) {
          socket.remove();
        }
      }
      throw e;
    }
  }

  private static SocketFile.Listening listen(Map<String, String> environment, Selector selector)
      throws IOException {
    Path directory = ControlDirectory.make(environment);
    SocketFile.Listening socket = SocketFile.listen(directory, ProcessHandle.current().pid());
    try {
      socket.channel().configureBlocking(false);
      socket.channel().register(selector, SelectionKey.OP_ACCEPT);
      return socket;
    } catch (IOException | RuntimeException | Error e) {
      socket.remove();
      throw e;
    }
  }

  /** The directory may have been cleaned up: connected clients stay connected. */
  private void comeBack() throws IOException {
    long now = System.nanoTime();
    if (now - nextLook < 0 || closed) {
      return;
    }
    nextLook = now + TICK.toNanos();
    SocketFile.Listening before = socket;
    if (!before.isThere()) {
      socket = listen(environment, selector);
      before.channel().close();
    }
  }

  /** The socket's name. */
  public Path path() {
    return socket.path();
  }

  private void run() {
    while (!closed) {
      try {
        selector.select(this::handle, TICK.toMillis());
        tend();
        comeBack();
      } catch (IOException | RuntimeException | Error e) {
        pause(); // whatever it is, it must neither end this thread nor keep it busy
      }
    }
  }

  private void handle(SelectionKey key) {
    if (key.attachment() instanceof Served client) {
      try {
        if (key.isReadable()) {
          read(client);
        }
      } catch (IOException | RuntimeException | Error e) {
        client.close();
      }
    } else {
      accept();
    }
  }

  private void accept() {
    try {
      SocketChannel channel = socket.channel().accept();
      if (channel != null) {
        welcome(channel);
      }
    } catch (IOException e) {
      pause(); // this process has no more files to open
    }
  }

  private void welcome(SocketChannel channel) throws IOException {
    try {
      if (!SocketFile.isOwn(channel, socket.path()) || !hasRoom()) {
        channel.close();
        return;
      }
      channel.configureBlocking(false);
      Served client = new Served(channel, selector::wakeup, conversations);
      channel.register(selector, SelectionKey.OP_READ, client);
      client.send(Frame.of(Frame.VERSION, Frame.VERSION_NUMBER));
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
    }
  }

  private List<Served> clients() {
    List<Served> clients = new ArrayList<>();
    for (SelectionKey key : selector.keys()) {
      if (key.isValid() && key.attachment() instanceof Served client) {
        clients.add(client);
      }
    }
    return clients;
  }

  /** Whether one more can be served, perhaps after ending a stuck one. */
  private boolean hasRoom() {
    List<Served> clients = clients();
    return clients.size() < MAX_CLIENTS || endLongestStuck(clients, Duration.ZERO);
  }

  private static boolean endLongestStuck(List<Served> clients, Duration atLeast) {
    long now = System.nanoTime();
    long longest = atLeast.toNanos();
    Served stuck = null;
    for (Served client : clients) {
      long since = client.stuckNanos(now);
      if (since >= longest) {
        longest = since;
        stuck = client;
      }
    }
    if (stuck != null) {
      stuck.close();
    }
    return stuck != null;
  }

  private void read(Served client) throws IOException {
    for (int i = 0; i < MAX_FRAMES && !closed; i++) { // then the others have their turn
      Frame frame = client.read();
      if (frame == null) {
        return;
      }
      if (frame.type() == Frame.INTERRUPT) {
        client.conversation().interrupt();
      } else {
        begin(client, frame);
      }
    }
  }

  private void begin(Served client, Frame frame) throws IOException {
    if (!client.begin()) {
      throw new IOException("it asks before it has its answer");
    }
    boolean isCommand = frame.type() == Frame.EXECUTE;
    Semaphore permits = isCommand ? commands : questions;
    if (!permits.tryAcquire()) {
      if (isCommand) { // the next one finds room
        List<Served> others =
            clients().stream().filter(each -> each != client && each.isBusy()).toList();
        endLongestStuck(others, FIRST_REQUEST); // a client that reads now and then is not stuck
      }
      client.done(TOO_MANY);
      return;
    }
    client.conversation().begin();
    try {
      Thread.ofPlatform()
          .daemon()
          .name("pagewheel-control-" + numbers.incrementAndGet())
          .start(() -> answer(client, frame, permits));
    } catch (RuntimeException | Error e) { // no more threads
      permits.release();
      throw e;
    }
  }

  private void answer(Served client, Frame frame, Semaphore permits) {
    try {
      client.done(client.conversation().answer(frame));
    } catch (IOException | RuntimeException | Error e) {
      client.close();
    } finally {
      permits.release();
    }
  }

  /** Writes to the clients that have room, and ends those that ask for nothing. */
  private void tend() {
    long now = System.nanoTime();
    for (SelectionKey key : selector.keys()) {
      if (key.isValid() && key.attachment() instanceof Served client) {
        try {
          boolean waits = client.write();
          key.interestOps(SelectionKey.OP_READ | (waits ? SelectionKey.OP_WRITE : 0));
          if (client.isSilent() && client.stuckNanos(now) > FIRST_REQUEST.toNanos()) {
            client.close();
          }
        } catch (IOException | RuntimeException | Error e) {
          client.close();
        }
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(OUT_OF_FILES);
    } catch (InterruptedException e) {
      // only close() ends this thread
    }
  }

  /** Ends what runs for clients, and removes the socket. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    boolean isInterrupted = Thread.interrupted(); // the socket is removed in any case
    try {
      thread.join(LAST_TURN);
      clients().forEach(Served::close);
    } catch (InterruptedException e) {
      isInterrupted = true;
    } finally {
      removeSocket();
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void removeSocket() {
    try (selector) {
      socket.remove();
    } catch (IOException e) {
      // a search for dead processes removes it
    }
  }
}
