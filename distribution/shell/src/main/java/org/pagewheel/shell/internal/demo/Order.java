package org.pagewheel.shell.internal.demo;

/** An order in a book, or on its way to one. Guarded by its book. */
final class Order {
  final long id;
  final Side side;
  final double price;
  final String trader;
  int quantity;

  Order(long id, Side side, double price, int quantity, String trader) {
    this.id = id;
    this.side = side;
    this.price = price;
    this.quantity = quantity;
    this.trader = trader;
  }

  /** Whether this order would trade with one of the other side at its price. */
  boolean crosses(double other) {
    return side == Side.BUY ? price >= other : price <= other;
  }
}
