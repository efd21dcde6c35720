package com.acme.shop;

/** Is never loaded by the tests' own loader. */
public final class Stall {
  /** An object on whose fields probes may look. */
  public long place(long id, Order order) {
    return order == null ? 0 : id;
  }
}
