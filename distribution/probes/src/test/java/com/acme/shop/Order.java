package com.acme.shop;

/** An argument that throws at whoever asks it for anything. */
public final class Order {
  private final long id;
  private final Side side;
  private final Order next;

  /** An order. */
  public Order(long id, Side side, Order next) {
    this.id = id;
    this.side = side;
    this.next = next;
  }

  @Override
  public String toString() {
    throw new IllegalStateException("asked for " + id + side + next);
  }

  @Override
  public boolean equals(Object other) {
    throw new IllegalStateException("asked");
  }

  @Override
  public int hashCode() {
    throw new IllegalStateException("asked");
  }
}
