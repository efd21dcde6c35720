package org.pagewheel.shell.internal.demo;

/** Which side of the book an order is on. */
enum Side {
  BUY,
  SELL
}
