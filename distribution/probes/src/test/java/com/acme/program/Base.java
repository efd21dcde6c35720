package com.acme.program;

/** The part of an object that is made first. */
class Base {
  final int value;

  Base(Program program, int depth) {
    program.log.in("Base.<init>");
    try {
      value = program.any(depth);
    } finally {
      program.log.out();
    }
  }
}
