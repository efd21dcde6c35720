package com.acme.desk;

/** Code that knows nothing of all this. */
public final class Orders {
  /** Twice as much. */
  public int place(int id) {
    return 2 * id;
  }
}
