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
      traders.add(new Thread(new Trader(name, books, recorder, ids, orders, i), name));
    }
  }

  private void trade() {
    recorder.mark(OPENS);
    traders.forEach(Thread::start);
    try {
      for (Thread trader : traders) {
        trader.join();
      }
      recorder.mark("the exchange closes");
    } catch (InterruptedException e) {
      recorder.mark("the exchange is interrupted");
    }
  }

  /** Opens: the traders begin. */
  public void open() {
    floor.start();
  }

  /**
   * Whether somebody still trades.
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
