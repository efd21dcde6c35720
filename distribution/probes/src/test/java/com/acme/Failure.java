package com.acme;

/** What a program throws at random; made without a traced call. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  public static final Failure INSTANCE = new Failure();

  private Failure() {
    super("at random", null, false, false);
  }
}
