package org.pagewheel.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.pagewheel.spi.PageConsumer;

/**
 * Pages from the ring to {@code trace-cmd listen} on this machine by the network consumer; and the
 * same bytes, page by page, through a plain socket to a process that stores them. Each iteration
 * has a listener and a file of its own.
 */
public class NetworkBenchmark {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int POLL_MILLIS = 10;

  /** A process that stores what comes, its directory, and its port. */
  private static final class Storing {
    final Path directory;
    final int port;
    private final Process process;

    Storing(Path directory, int port, List<String> command) throws IOException {
      this.directory = directory;
      this.port = port;
      this.process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    }

    void end() throws IOException, InterruptedException {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      try (var files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
      }
      Files.delete(directory);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Until somebody listens; trace-cmd takes the attempt for a client that hangs up. */
  private static SocketChannel connect(int port) throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      } catch (IOException e) {
        if (System.nanoTime() - until > 0) {
          throw e;
        }
        Thread.sleep(POLL_MILLIS);
      }
    }
  }

  /** The consumer and the real listener. */
  @State(Scope.Benchmark)
  public static class Listening {
    private Storing listener;
    private PageConsumer consumer;

    @Setup(Level.Iteration)
    public void open(ReadBenchmark.Filled filled) throws IOException, InterruptedException {
      Path directory = Files.createTempDirectory("pagewheel-benchmark");
      int port = freePort();
      List<String> command =
          List.of("trace-cmd", "listen", "-p", "" + port, "-d", directory.toString());
      listener = new Storing(directory, port, command);
      connect(port).close();
      consumer = Given.open("network", filled.buffer, Map.of("port", "" + port));
      filled.fill();
      SpliceBenchmark.pass(filled, consumer); // connects
      awaitStreaming();
    }

    /** Until pages are stored as they come: from then on none is copied to wait. */
    private void awaitStreaming() throws IOException, InterruptedException {
      long until = System.nanoTime() + PATIENCE_NANOS;
      long wanted = SpliceBenchmark.PAGES * (long) BufferUnderTest.PAGE_SIZE;
      while (stored() < wanted) {
        if (System.nanoTime() - until > 0) {
          throw new IOException("the listener has stored only " + stored() + " bytes");
        }
        Thread.sleep(POLL_MILLIS);
      }
    }

    private long stored() throws IOException {
      try (var files = Files.list(listener.directory)) {
        return files.mapToLong(file -> file.toFile().length()).sum();
      }
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException, InterruptedException {
      try {
        consumer.close();
      } finally {
        listener.end();
      }
    }
  }

  /** A plain socket and {@link Storer}. */
  @State(Scope.Benchmark)
  public static class Plain {
    private final ByteBuffer page =
        Arena.ofAuto()
            .allocate(BufferUnderTest.PAGE_SIZE, BufferUnderTest.PAGE_SIZE)
            .asByteBuffer();
    private Storing storer;
    private SocketChannel socket;

    @Setup(Level.Iteration)
    public void open() throws IOException, InterruptedException {
      Path directory = Files.createTempDirectory("pagewheel-benchmark");
      int port = freePort();
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      String classes = System.getProperty("java.class.path");
      String file = directory.resolve("raw").toString();
      storer =
          new Storing(
              directory,
              port,
              List.of(java, "-cp", classes, Storer.class.getName(), "" + port, file));
      socket = connect(port);
    }

    private void write() throws IOException {
      page.clear();
      while (page.hasRemaining()) {
        socket.write(page);
      }
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException, InterruptedException {
      socket.close();
      storer.end();
    }
  }

  /** A process that stores what one client sends, a page at a time as the listener does. */
  static final class Storer {
    private Storer() {}

    /** Takes a port and the name of a file. */
    public static void main(String[] arguments) {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      ByteBuffer bytes = ByteBuffer.allocateDirect(BufferUnderTest.PAGE_SIZE);
      try (ServerSocketChannel server = ServerSocketChannel.open();
          FileChannel file =
              FileChannel.open(
                  Path.of(arguments[1]), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        server.bind(new InetSocketAddress(loopback, Integer.parseInt(arguments[0])));
        try (SocketChannel client = server.accept()) {
          while (client.read(bytes.clear()) >= 0) {
            bytes.flip();
            while (bytes.hasRemaining()) {
              file.write(bytes);
            }
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Benchmark
  public int listen(ReadBenchmark.Filled filled, Listening listening) throws IOException {
    return SpliceBenchmark.pass(filled, listening.consumer);
  }

  @Benchmark
  public int floor(Plain plain) throws IOException {
    for (int i = 0; i < SpliceBenchmark.PAGES; i++) {
      plain.write();
    }
    return SpliceBenchmark.PAGES;
  }
}
