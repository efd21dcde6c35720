package com.acme;

import java.util.ArrayList;
import java.util.List;

/** What a program itself says of its calls on one thread. */
public final class CallLog {
  /** A line: a call or a return, how deep, and when. */
  public record Line(String method, int depth, boolean isReturn, long time) {}

  private final List<Line> lines = new ArrayList<>();
  private final List<String> open = new ArrayList<>();

  /** A method begins. */
  public void in(String method) {
    lines.add(new Line(method, open.size(), false, System.nanoTime()));
    open.add(method);
  }

  /** The method that began last ends. */
  public void out() {
    String method = open.removeLast();
    lines.add(new Line(method, open.size(), true, System.nanoTime()));
  }

  /** The lines. */
  public List<Line> lines() {
    return lines;
  }
}
