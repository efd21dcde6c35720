package com.acme.shop;

/** An enum that must not be asked for anything. */
public enum Side {
  /** One. */
  BUY,
  /** The other, with a body. */
  SELL {
    @Override
    public String toString() {
      throw new IllegalStateException("asked");
    }
  }
}
