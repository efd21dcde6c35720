package com.acme.program;

import com.acme.CallLog;
import com.acme.Failure;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/** Calls its own methods at random, and logs what it does. */
public final class Program implements Shape {
  final CallLog log;
  private final Random random;
  private int left;

  public Program(CallLog log, long seed, int calls) {
    this.log = log;
    this.random = new Random(seed);
    this.left = calls;
    log.in("Program.<init>");
    log.out();
  }

  /** Runs until so many calls have been made. */
  public void run() {
    log.in("Program.run");
    try {
      while (left > 0) {
        try {
          any(12);
        } catch (Failure e) {
          // the next one
        }
      }
    } finally {
      log.out();
    }
  }

  int any(int depth) {
    log.in("Program.any");
    try {
      left--;
      if (depth <= 0 || left <= 0) {
        return 1;
      }
      return switch (random.nextInt(10)) {
        case 0 -> plain(depth - 1, 7L, "x") + plain(depth - 2, 8L, null);
        case 1 -> (int) fixed(this, depth - 1, 1.5);
        case 2 -> locked(depth - 1);
        case 3 -> made(depth - 1);
        case 4 -> caught(depth - 1);
        case 5 -> recursive(depth - 1, random.nextInt(6));
        case 6 -> lambda(depth - 1);
        case 7 -> area(this, depth - 1);
        case 8 -> loops(depth - 1);
        default -> failing(depth - 1);
      };
    } finally {
      log.out();
    }
  }

  private int plain(int depth, long number, String text) {
    log.in("Program.plain");
    try {
      return any(depth) + (int) number + (text == null ? 0 : text.length());
    } finally {
      log.out();
    }
  }

  static double fixed(Program program, int depth, double factor) {
    program.log.in("Program.fixed");
    try {
      return program.any(depth) * factor;
    } finally {
      program.log.out();
    }
  }

  private synchronized int locked(int depth) {
    log.in("Program.locked");
    try {
      synchronized (random) {
        return any(depth);
      }
    } finally {
      log.out();
    }
  }

  private int made(int depth) {
    log.in("Program.made");
    try {
      return (int) new Node(this, depth).more;
    } finally {
      log.out();
    }
  }

  private int caught(int depth) {
    log.in("Program.caught");
    try {
      return any(depth);
    } catch (Failure e) {
      return depth;
    } finally {
      log.out();
    }
  }

  private int recursive(int depth, int times) {
    log.in("Program.recursive");
    try {
      return times == 0 ? any(depth) : recursive(depth, times - 1);
    } finally {
      log.out();
    }
  }

  private int lambda(int depth) {
    log.in("Program.lambda");
    try {
      IntUnaryOperator body =
          d -> {
            log.in("Program.lambda$");
            try {
              return any(d);
            } finally {
              log.out();
            }
          };
      return body.applyAsInt(depth);
    } finally {
      log.out();
    }
  }

  private int loops(int depth) {
    log.in("Program.loops");
    try {
      for (int i = 0; ; i++) {
        if (i > 2 || random.nextBoolean()) {
          return i;
        }
        any(depth / 2);
      }
    } finally {
      log.out();
    }
  }

  private int failing(int depth) {
    log.in("Program.failing");
    try {
      if (random.nextInt(3) == 0) {
        throw Failure.INSTANCE;
      }
      return any(depth);
    } finally {
      log.out();
    }
  }

  @Override
  public int corners() {
    log.in("Program.corners");
    log.out();
    return 4;
  }
}
