package org.pagewheel.shell.internal.demo;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.pagewheel.Buffer;

/** The orders for one security, matched by price, then by age. For any number of threads. */
final class OrderBook {
  private final String symbol;
  private final Recorder recorder;

  private final PriorityQueue<Order> bids =
      new PriorityQueue<>(
          Comparator.comparingDouble((Order o) -> -o.price).thenComparingLong(o -> o.id));

  private final PriorityQueue<Order> asks =
      new PriorityQueue<>(
          Comparator.comparingDouble((Order o) -> o.price).thenComparingLong(o -> o.id));

  private long traded;

  OrderBook(String symbol, Recorder recorder) {
    this.symbol = symbol;
    this.recorder = recorder;
  }

  String symbol() {
    return symbol;
  }

  /** Matches an order with those of the other side; what is left of it stays. */
  synchronized void place(Order order) {
    Buffer buffer = recorder.buffer();
    recorder.note(
        ExchangeEvents.ORDER_PLACED.record(
            buffer,
            new ExchangeEvents.OrderPlaced(
                order.id, symbol, order.side, order.price, order.quantity)));
    PriorityQueue<Order> others = order.side == Side.BUY ? asks : bids;
    while (order.quantity > 0 && !others.isEmpty() && order.crosses(others.peek().price)) {
      fill(order, others);
    }
    if (order.quantity > 0) {
      rest(order);
    }
  }

  private void fill(Order order, PriorityQueue<Order> others) {
    Order other = others.peek();
    int quantity = Math.min(order.quantity, other.quantity);
    order.quantity -= quantity;
    other.quantity -= quantity;
    traded += quantity;
    if (other.quantity == 0) {
      others.remove();
    }
    recorder.note(
        ExchangeEvents.ORDER_FILLED.record(
            recorder.buffer(),
            new ExchangeEvents.OrderFilled(
                order.id, symbol, order.side, other.price, quantity, other.trader)));
  }

  private void rest(Order order) {
    PriorityQueue<Order> side = order.side == Side.BUY ? bids : asks;
    side.add(order);
    recorder.note(
        ExchangeEvents.ORDER_RESTED.record(
            recorder.buffer(),
            new ExchangeEvents.OrderRested(
                order.id, symbol, order.side, order.quantity, side.size())));
  }

  /** Pieces that changed hands so far. */
  synchronized long traded() {
    return traded;
  }
}
