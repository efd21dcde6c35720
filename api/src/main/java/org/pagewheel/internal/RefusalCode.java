package org.pagewheel.internal;

/** The numbers of {@link org.pagewheel.spi.Refusal}, which counters know as well. */
public final class RefusalCode {
  public static final long DROPPED = -1;
  public static final long COMMIT_OVERRUN = -2;
  public static final long DISABLED = -3;
  public static final long TOO_LONG = -4;
  public static final long RECURSION = -5;
  public static final long SEALED = -6;

  private RefusalCode() {}
}
