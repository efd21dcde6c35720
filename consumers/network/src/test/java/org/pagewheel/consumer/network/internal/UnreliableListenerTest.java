package org.pagewheel.consumer.network.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pagewheel.consumer.testing.GivenContext;
import org.pagewheel.consumer.testing.TickPages;
import org.pagewheel.spi.PageConsumer;

/** A peer that accepts connections and bytes proves nothing: only one that reads pages does. */
@Timeout(180)
class UnreliableListenerTest {
  private static final int PAGE_SIZE = 4096;
  private static final int PER_PAGE = TickPages.perPage(PAGE_SIZE);

  /** Greets as a listener of version 1 does; reads so many bytes of the pages, then hangs up. */
  private static final class Peer implements AutoCloseable {
    final ServerSocket control = listen();
    final AtomicInteger connections = new AtomicInteger();
    volatile int bytes;

    Peer() throws IOException {
      Thread.ofPlatform().daemon().start(this::run);
    }

    private static ServerSocket listen() throws IOException {
      return new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
    }

    private void run() {
      while (!control.isClosed()) {
        try (Socket socket = control.accept();
            ServerSocket data = listen()) {
          socket.getOutputStream().write("tracecmd".getBytes(StandardCharsets.US_ASCII));
          String ports = data.getLocalPort() + "\0";
          socket.getOutputStream().write(ports.getBytes(StandardCharsets.US_ASCII));
          try (Socket pages = data.accept()) {
            read(pages.getInputStream());
            reset(socket); // before the pages' connection ends: no file will be made
          }
          connections.incrementAndGet();
        } catch (IOException e) {
          // the next one
        }
      }
    }

    private static void reset(Socket socket) throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    private void read(InputStream pages) throws IOException {
      int left = bytes;
      byte[] some = new byte[PAGE_SIZE];
      while (left > 0) {
        int count = pages.read(some, 0, Math.min(left, some.length));
        if (count < 0) {
          return;
        }
        left -= count;
      }
    }

    @Override
    public void close() throws IOException {
      control.close();
    }
  }

  private final TickPages pages = new TickPages(1, PAGE_SIZE, TickPages.TICK.id());
  private long sent;

  private void give(PageConsumer consumer) throws IOException {
    consumer.accept(pages.page(0), 0);
    sent++;
  }

  @Test
  void oneThatHangsUpAgainAndAgainIsNeverTakenForOneThatWorks() throws Exception {
    try (Peer peer = new Peer()) {
      peer.bytes = 100;
      GivenContext context =
          new GivenContext(
              1, PAGE_SIZE, Map.of("port", "" + peer.control.getLocalPort(), "spool", "64 MiB"));
      PageConsumer consumer = new NetworkFactory().open(context);
      Listener.await(
          "is connected to four times",
          () -> {
            give(consumer);
            consumer.flush();
            return peer.connections.get() >= 4;
          });
      assertFalse(context.reports().isEmpty());
      assertTrue(context.reports().stream().allMatch(Objects::nonNull), context.reports() + "");
      assertEquals(0, context.lost() % PER_PAGE, "whole pages");
      assertTrue(context.lost() >= PER_PAGE);
      assertTrue(context.lost() <= sent * PER_PAGE);

      peer.bytes = Integer.MAX_VALUE;
      Listener.await(
          "works again",
          () -> {
            give(consumer);
            consumer.flush();
            return context.reports().getLast() == null;
          });
      assertNull(context.reports().getLast());
      assertThrows(IOException.class, consumer::close, "it never says that it has stored a page");
    }
  }

  /** Nothing is waited for then, and nothing stays open. */
  @Test
  void itIsClosedOnAThreadThatWasInterrupted() throws Exception {
    try (Peer peer = new Peer()) {
      peer.bytes = Integer.MAX_VALUE;
      GivenContext context =
          new GivenContext(1, PAGE_SIZE, Map.of("port", "" + peer.control.getLocalPort()));
      PageConsumer consumer = new NetworkFactory().open(context);
      give(consumer);
      Listener.await("streams", () -> ((NetworkConsumer) consumer).isStreaming());
      Thread.currentThread().interrupt();
      try {
        consumer.close();
      } catch (IOException e) {
        assertTrue(e.getMessage().startsWith(PER_PAGE + " events did not arrive"), "" + e);
      } finally {
        assertTrue(Thread.interrupted());
      }
      Listener.await("is hung up on", () -> peer.connections.get() == 1);
    }
  }
}
