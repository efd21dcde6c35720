package com.acme.shop;

/** Is loaded where a class that its argument needs is missing. */
public final class Shelf {
  /** An object on whose fields probes may look. */
  public long place(long id, Order order) {
    return order == null ? 0 : id;
  }
}
