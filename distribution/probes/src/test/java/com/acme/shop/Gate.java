package com.acme.shop;

import java.util.concurrent.CountDownLatch;

/** Keeps calls for as long as is wanted. */
public final class Gate {
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);

  /** Waits until it is opened, and lets go of the argument meanwhile. */
  public long pass(long id, Object what) throws InterruptedException {
    what = null;
    entered.countDown();
    open.await();
    return id;
  }

  /** Does not wait, and has the same types. */
  public long look(long id, Object what) {
    return id + 1;
  }

  /** Waits until a call waits. */
  public void awaitEntered() throws InterruptedException {
    entered.await();
  }

  /** Lets calls end. */
  public void open() {
    open.countDown();
  }
}
