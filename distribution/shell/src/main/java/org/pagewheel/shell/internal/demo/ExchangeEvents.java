package org.pagewheel.shell.internal.demo;

import java.lang.invoke.MethodHandles;
import org.pagewheel.event.EventType;
import org.pagewheel.event.Unit;

/** What happens on the exchange, as events of system {@code exchange}. */
final class ExchangeEvents {
  static final EventType<OrderPriced> ORDER_PRICED = type(OrderPriced.class);
  static final EventType<OrderPlaced> ORDER_PLACED = type(OrderPlaced.class);
  static final EventType<OrderFilled> ORDER_FILLED = type(OrderFilled.class);
  static final EventType<OrderRested> ORDER_RESTED = type(OrderRested.class);

  private ExchangeEvents() {}

  /** Defines the types; done beforehand, so that it does not affect what is recorded. */
  static void define() {
    ORDER_PRICED.format();
  }

  private static <R extends Record> EventType<R> type(Class<R> record) {
    return EventType.of("exchange", record, MethodHandles.lookup());
  }

  /** A trader has worked out what to pay, which took the time {@code took}. */
  record OrderPriced(String symbol, double fair, int paths, @Unit("ns") long took) {}

  /** An order reaches the book. */
  record OrderPlaced(long id, String symbol, Side side, double price, int qty) {}

  /** Two orders met. */
  record OrderFilled(long id, String symbol, Side side, double price, int qty, String with) {}

  /** What is left of an order stays in the book, as the {@code depth}th of its side. */
  record OrderRested(long id, String symbol, Side side, int qty, int depth) {}
}
