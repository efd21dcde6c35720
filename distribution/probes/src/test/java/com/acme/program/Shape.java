package com.acme.program;

/** A method of an interface. */
interface Shape {
  int corners();

  default int area(Program program, int depth) {
    program.log.in("Shape.area");
    try {
      return corners() + program.any(depth);
    } finally {
      program.log.out();
    }
  }
}
