package org.pagewheel.shell.internal.demo;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Works out prices by simulation and places orders, without a pause: what a trader costs is real
 * computation.
 */
final class Trader implements Runnable {
  private static final int STEPS = 16;
  private static final double SPREAD = 0.4;

  private final String name;
  private final List<OrderBook> books;
  private final Recorder recorder;
  private final AtomicLong ids;
  private final int orders;
  private final BooleanSupplier open;
  private final SplittableRandom random;

  Trader(
      String name,
      List<OrderBook> books,
      Recorder recorder,
      AtomicLong ids,
      int orders,
      BooleanSupplier open,
      long seed) {
    this.name = name;
    this.books = books;
    this.recorder = recorder;
    this.ids = ids;
    this.orders = orders;
    this.open = open;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public void run() {
    recorder.mark(name + " begins to trade");
    for (int i = 0; i < orders && open.getAsBoolean(); i++) {
      OrderBook book = books.get(random.nextInt(books.size()));
      double fair = price(book);
      Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
      double wanted = fair + (random.nextDouble() - 0.5) * SPREAD;
      double price = Math.round(wanted * 100) / 100.0;
      book.place(new Order(ids.incrementAndGet(), side, price, random.nextInt(1, 500), name));
    }
    recorder.mark(name + " goes home");
  }

  /** The mean end of some simulated paths of a price that begins at 100. */
  private double price(OrderBook book) {
    long begin = System.nanoTime();
    int paths = random.nextInt(100, 800);
    double sum = 0;
    for (int path = 0; path < paths; path++) {
      double value = 100;
      for (int step = 0; step < STEPS; step++) {
        value *= Math.exp(0.002 * random.nextGaussian());
      }
      sum += value;
    }
    double fair = Math.round(sum / paths * 10_000) / 10_000.0;
    recorder.note(
        ExchangeEvents.ORDER_PRICED.record(
            recorder.buffer(),
            new ExchangeEvents.OrderPriced(book.symbol(), fair, paths, System.nanoTime() - begin)));
    return fair;
  }
}
