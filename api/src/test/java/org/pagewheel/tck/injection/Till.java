package org.pagewheel.tck.injection;

import java.util.function.IntBinaryOperator;

/** Under test in {@link InjectionTest}: two sums that must stay the same. */
public final class Till implements IntBinaryOperator {
  private int first;
  private int second;

  /** Made by reflection. */
  public Till() {}

  /** 0 pays in wrongly, 1 rightly, 2 gives the difference. */
  @Override
  public int applyAsInt(int what, int amount) {
    switch (what) {
      case 0 -> {
        first += Math.abs(amount);
        second += Math.abs(amount);
      }
      case 1 -> {
        int sum = Math.abs(amount);
        first += sum;
        second += sum;
      }
      default -> {}
    }
    return first - second;
  }
}
