package com.acme.shop;

import java.util.concurrent.locks.LockSupport;

/** A small service. */
public final class Orders {
  /** How many were placed. */
  private int count;

  /** A call with three calls below it. */
  public int place(long id, String symbol) {
    check(symbol);
    count++;
    return price(id) + rate();
  }

  private void check(String symbol) {
    if (symbol == null) {
      throw new IllegalArgumentException("no symbol");
    }
  }

  private int price(long id) {
    return (int) id * 2;
  }

  /** Uses another class for the first time. */
  public static int rate() {
    return Constants.RATE;
  }

  /** Takes a while, and calls what is quick. */
  public void slow(long nanos) {
    price(1);
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    slowest(nanos);
    price(2);
  }

  private void slowest(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  /** Calls itself. */
  public int deep(int times) {
    return times == 0 ? 0 : 1 + deep(times - 1);
  }

  /** What is placed. */
  public int count() {
    return count;
  }
}
