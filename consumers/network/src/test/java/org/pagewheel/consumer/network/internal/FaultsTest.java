package org.pagewheel.consumer.network.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pagewheel.Page;
import org.pagewheel.consumer.testing.GivenContext;
import org.pagewheel.consumer.testing.Recorded;
import org.pagewheel.consumer.testing.TickPages;
import org.pagewheel.spi.PageConsumer;

/** What goes wrong on the way, each with an exact account at the end. */
@Timeout(300)
class FaultsTest {
  private static final int CPUS = 2;
  private static final int PAGE_SIZE = 4096;
  private static final int PER_PAGE = TickPages.perPage(PAGE_SIZE);

  /** Pages that a consumer has refused, to see that its spool is full. */
  private static final int ENOUGH = 100;

  /** No call takes so long on any machine, unless it waits for a peer that does nothing. */
  private static final long HANGS_NANOS = TimeUnit.SECONDS.toNanos(60);

  @TempDir Path directory;

  /** Calls a consumer as the runtime does: what is not taken is missed, and told with the next. */
  private static final class Caller implements AutoCloseable {
    final GivenContext context;
    final PageConsumer consumer;
    final TickPages pages = new TickPages(CPUS, PAGE_SIZE, TickPages.TICK.id());
    final long[] missed = new long[CPUS];
    long slowest;
    int refused;
    private boolean closed;

    Caller(int port, String... more) throws IOException {
      Map<String, String> settings =
          new HashMap<>(Map.of("port", "" + port, "connect-timeout", "10 s"));
      for (int i = 0; i < more.length; i += 2) {
        settings.put(more[i], more[i + 1]);
      }
      context = new GivenContext(CPUS, PAGE_SIZE, settings);
      consumer = new NetworkFactory().open(context);
    }

    void give(int cpu) {
      Page page = pages.page(cpu);
      long begin = System.nanoTime();
      try {
        consumer.accept(page, missed[cpu]);
        missed[cpu] = 0;
      } catch (IOException e) {
        missed[cpu] += PER_PAGE;
        refused++;
      }
      slowest = Math.max(slowest, System.nanoTime() - begin);
    }

    /** Until there is a listener that works and has all that waited. */
    void settle() throws IOException, InterruptedException {
      Listener.await(
          "works again",
          () -> {
            boolean settled = ((NetworkConsumer) consumer).isStreaming();
            if (!settled) {
              give(0);
            }
            return settled;
          });
    }

    void end() throws IOException {
      closed = true;
      consumer.close();
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        end();
      }
    }
  }

  private void checkAccount(TickPages pages) throws Exception {
    for (int cpu = 0; cpu < CPUS; cpu++) {
      List<Integer> numbers = Recorded.numbers(Listener.files(directory), cpu);
      assertEquals(pages.next(cpu), Recorded.checkAccount(numbers), "CPU " + cpu);
    }
  }

  @Test
  @Execution(CONCURRENT)
  void aListenerThatIsKilledAndStartedAgainManyTimes() throws Exception {
    int kills = Integer.getInteger("network.kills", 5);
    int port = Listener.freePort();
    Listener listener = Listener.start(directory, port);
    int received = 0;
    try (Caller caller = new Caller(port, "spool", "256 KiB")) {
      for (int kill = 0; kill < kills; kill++) {
        for (int page = 0; page < 40; page++) {
          caller.give(page % CPUS);
        }
        if (kill % 2 == 0) {
          listener.kill();
          for (int page = 0; page < 90; page++) { // more than the spool takes
            caller.give(page % CPUS);
          }
        } else {
          listener.kill();
          caller.consumer.flush(); // notices it without a page
        }
        listener = Listener.start(directory, port);
        caller.give(0);
        caller.settle();
      }
      for (int cpu = 0; cpu < CPUS; cpu++) {
        caller.give(cpu);
      }
      assertTrue(caller.refused > 0, "the spool never was full");
      caller.end();
      checkAccount(caller.pages);
      received = listener.files().size();
    } finally {
      listener.close();
    }
    assertTrue(received >= 1);
  }

  @Test
  @Execution(CONCURRENT)
  void aListenerThatIsNotThereAtFirst() throws Exception {
    int port = Listener.freePort();
    try (Caller caller = new Caller(port)) {
      for (int page = 0; page < 100; page++) {
        caller.give(page % CPUS);
      }
      Listener.await("is told", () -> !caller.context.reports().isEmpty());
      String told = caller.context.reports().getFirst();
      assertTrue(told.startsWith("cannot stream to localhost:" + port + ": "), told);
      try (Listener listener = Listener.start(directory, port)) {
        caller.end();
        assertEquals(1, listener.files().size());
      }
      checkAccount(caller.pages);
    }
  }

  @Test
  @Execution(CONCURRENT)
  void aListenerThatDoesNotReadForAWhile() throws Exception {
    long seconds = Long.getLong("network.pause", 3);
    try (Listener listener = Listener.start(directory, Listener.freePort());
        Caller caller = new Caller(listener.port(), "write-timeout", "1 s", "spool", "256 KiB")) {
      caller.give(0);
      caller.give(1);
      listener.awaitConnection();
      listener.signal("STOP");
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      long atMost =
          until + TimeUnit.SECONDS.toNanos(60); // until the sockets and the spool are full
      while (System.nanoTime() < (caller.refused > 0 ? until : atMost)) {
        for (int page = 0; page < 4 && caller.refused < ENOUGH; page++) {
          caller.give(page % CPUS);
        }
        Thread.sleep(1);
      }
      assertTrue(caller.slowest < HANGS_NANOS, "waited " + caller.slowest);
      assertTrue(caller.refused > 0, "nothing was refused");
      listener.signal("CONT");
      caller.settle();
      caller.give(0);
      caller.give(1);
      caller.end();
      // What was with the listener when it was given up it may have saved, told as lost or not.
      for (int cpu = 0; cpu < CPUS; cpu++) {
        checkNothingIsSilent(caller.pages.next(cpu), cpu);
      }
    }
  }

  /** The file of the last connection alone: its first losses are told from the very beginning. */
  private void checkNothingIsSilent(int sent, int cpu) throws Exception {
    List<Integer> last = List.of();
    for (Path file : Listener.files(directory)) {
      List<Integer> numbers = Recorded.numbers(List.of(file), cpu);
      if (!numbers.isEmpty() && numbers.getLast() == sent - 1) {
        last = numbers;
      }
    }
    assertEquals(sent, Recorded.checkAccount(last), "CPU " + cpu);
  }

  @Test
  @Execution(CONCURRENT)
  void aPeerThatAcceptsAndNeverAnswers() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      Caller caller = new Caller(server.getLocalPort(), "connect-timeout", "200 ms");
      for (int page = 0; page < 100; page++) {
        caller.give(page % CPUS);
      }
      assertTrue(caller.slowest < HANGS_NANOS, "waited " + caller.slowest);
      Listener.await("is told", () -> !caller.context.reports().isEmpty());
      String told = caller.context.reports().getFirst();
      assertTrue(told.endsWith(": the listener does not answer"), told);
      IOException e = assertThrows(IOException.class, caller::end);
      assertTrue(e.getMessage().startsWith(100 * PER_PAGE + " events did not arrive"), "" + e);
    }
  }

  /** Says the same to everybody, and nothing more. */
  private static final class Greeter implements AutoCloseable {
    final ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
    private final List<Socket> open = new ArrayList<>();
    private final Thread thread;

    Greeter(String words) throws IOException {
      thread = Thread.ofPlatform().daemon().start(() -> greet(words));
    }

    private void greet(String words) {
      try {
        while (true) {
          Socket socket = server.accept();
          open.add(socket);
          socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
        }
      } catch (IOException e) {
        // closed
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  @Execution(CONCURRENT)
  void aPeerThatGreetsAndThenIsSilent() throws Exception {
    try (Greeter greeter = new Greeter("tracecmd")) {
      Caller caller = new Caller(greeter.server.getLocalPort(), "connect-timeout", "200 ms");
      caller.give(0);
      Listener.await("is told", () -> !caller.context.reports().isEmpty());
      assertTrue(caller.context.reports().getFirst().endsWith("the listener does not answer"));
      IOException e = assertThrows(IOException.class, caller::end);
      assertTrue(e.getMessage().startsWith(PER_PAGE + " events did not arrive"), "" + e);
    }
  }

  @Test
  @Execution(CONCURRENT)
  void aPeerThatIsSomethingElse() throws Exception {
    try (Greeter greeter = new Greeter("SSH-2.0-x\r\n")) {
      Caller caller = new Caller(greeter.server.getLocalPort());
      caller.give(0);
      Listener.await("is told", () -> !caller.context.reports().isEmpty());
      String told = caller.context.reports().getFirst();
      assertTrue(told.contains("this is not trace-cmd listen: it says 'SSH-2.0-'"), told);
      assertThrows(IOException.class, caller::end);
    }
  }

  @Test
  @Execution(CONCURRENT)
  void closingIsOverInTimeThoughTheListenerStandsStill() throws Exception {
    try (Listener listener = Listener.start(directory, Listener.freePort())) {
      Caller caller = new Caller(listener.port(), "write-timeout", "500 ms");
      caller.give(0);
      caller.give(1);
      listener.awaitConnection();
      listener.signal("STOP");
      long begin = System.nanoTime();
      IOException e = assertThrows(IOException.class, caller::end);
      assertTrue(System.nanoTime() - begin < HANGS_NANOS);
      assertTrue(e.getMessage().startsWith(2 * PER_PAGE + " events did not arrive"), "" + e);
      listener.signal("CONT");
    }
  }

  /** Each reader in turn, for the listener's file is made when others have come to their end. */
  @ParameterizedTest
  @Execution(CONCURRENT)
  @CsvSource({"v1, 0", "v1, 1", "v1, 2", "v3, 1"})
  void aReaderThatIsSlowAtTheEndGetsItsTime(String protocol, int slow) throws Exception {
    try (Listener listener = Listener.start(directory, Listener.freePort())) {
      GivenContext context =
          new GivenContext(
              3, PAGE_SIZE, Map.of("port", "" + listener.port(), "protocol", protocol));
      TickPages pages = new TickPages(3, PAGE_SIZE, TickPages.TICK.id());
      Thread late;
      try (PageConsumer consumer = new NetworkFactory().open(context)) {
        consumer.accept(pages.page(0), 0);
        listener.awaitConnection();
        Listener.await("streams", () -> ((NetworkConsumer) consumer).isStreaming());
        Halted reader = listener.haltReader(slow);
        for (int page = 0; page < 30; page++) {
          consumer.accept(pages.page(page % 3), 0);
        }
        late = Thread.ofPlatform().start(() -> goOn(reader));
      }
      late.join();
      assertEquals(List.of(), context.reports().stream().filter(Objects::nonNull).toList());
      for (int cpu = 0; cpu < 3; cpu++) {
        List<Integer> numbers = Recorded.numbers(Listener.files(directory), cpu);
        assertEquals(pages.next(cpu), numbers.size());
      }
    }
  }

  /** Later than any wait of the listener's is long. */
  private static void goOn(Halted reader) {
    try {
      Thread.sleep(3500);
      reader.letGo();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** It has read and stored all, but that cannot be known. */
  @Test
  @Execution(CONCURRENT)
  void whatAReaderMayHaveStoredTooLateCountsAsLost() throws Exception {
    try (Listener listener = Listener.start(directory, Listener.freePort())) {
      Caller caller = new Caller(listener.port());
      caller.give(0);
      caller.give(1);
      listener.awaitPages(1, PAGE_SIZE);
      Halted reader = listener.haltReader(1);
      String told = assertThrows(IOException.class, caller::end).getMessage();
      reader.letGo();
      assertTrue(told.startsWith(2 * PER_PAGE + " events did not arrive"), told);
      assertTrue(told.contains(" broke, the listener does not finish"), told);
    }
  }
}
