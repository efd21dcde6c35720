package com.acme.shop;

/** Methods with arguments of each kind. */
public final class Desk {
  private int count;
  private String name = "desk";

  /** Numbers, a text, an enum and an object; the first argument is changed. */
  public long place(long id, String symbol, Side side, Order order, double price) {
    count++;
    id += 1000;
    if (symbol == null) {
      throw new IllegalArgumentException("no symbol");
    }
    return id;
  }

  /** An overload. */
  public boolean has(long id) {
    return id == 7;
  }

  /** An overload. */
  public String has(String text, boolean loud) {
    return loud ? text + "!" : text;
  }

  /** All small types. */
  public static int small(byte b, short s, char c, boolean z, float f, int[] more) {
    return b + s + c + (z ? 1 : 0) + (int) f;
  }

  /** Nothing. */
  public void nothing() {
    name = name + count;
  }
}
