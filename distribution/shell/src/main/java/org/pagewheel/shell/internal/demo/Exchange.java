package org.pagewheel.shell.internal.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.pagewheel.Buffer;

/**
 * A small exchange that records what it does: {@value #TRADERS} traders, each a thread, and three
 * order books.
 */
public final class Exchange {
  /** How many threads trade. */
  public static final int TRADERS = 4;

  /** The text of the first mark. */
  public static final String OPENS = "the exchange opens";

  private static final List<String> SYMBOLS = List.of("ACME", "GLBX", "INTC");

  private final Recorder recorder;
  private final List<OrderBook> books;
  private final List<Thread> traders = new ArrayList<>();
  private final Thread floor = new Thread(this::trade, "exchange");

  /** Whether the traders are to stop before they have placed all orders. */
  private volatile boolean stopped;

  /**
   * Prepares an exchange.
   *
   * @param buffer where its events go
   * @param orders how many orders each trader places
   */
  public Exchange(Buffer buffer, int orders) {
    ExchangeEvents.define();
    recorder = new Recorder(buffer);
    books = SYMBOLS.stream().map(symbol -> new OrderBook(symbol, recorder)).toList();
    AtomicLong ids = new AtomicLong();
    for (int i = 1; i <= TRADERS; i++) {
      String name = "trader-" + i;
      var trader = new Trader(name, books, recorder, ids, orders, () -> !stopped, i);
      traders.add(new Thread(trader, name));
    }
  }

  private void trade() {
    recorder.mark(OPENS);
    traders.forEach(Thread::start);
    traders.forEach(Exchange::awaitEnd);
    recorder.mark(stopped ? "the exchange is stopped" : "the exchange closes");
  }

  /** Waits even if the caller is interrupted; the interrupt stays pending. */
  private static void awaitEnd(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Opens: the traders begin. */
  public void open() {
    floor.start();
  }

  /**
   * Whether anyone still trades.
   *
   * @return false once all traders have ended
   */
  public boolean isOpen() {
    return floor.isAlive();
  }

  /**
   * Waits until the last trader has ended.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  public void close() throws InterruptedException {
    floor.join();
  }

  /** Sends the traders home before they are done, and waits until the last has gone. */
  public void stop() {
    stopped = true;
    awaitEnd(floor);
  }

  /**
   * Events that the ring has taken.
   *
   * @return a number of at least 0
   */
  public long written() {
    return recorder.written();
  }

  /**
   * Events that the ring has refused.
   *
   * @return a number of at least 0
   */
  public long refused() {
    return recorder.refused();
  }

  /**
   * Pieces that changed hands.
   *
   * @return the sum over the books
   */
  public long traded() {
    return books.stream().mapToLong(OrderBook::traded).sum();
  }
}
