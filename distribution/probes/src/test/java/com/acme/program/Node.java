package com.acme.program;

/** An object whose constructor calls others before and behind {@code super}: it begins behind. */
class Node extends Base {
  final long more;

  Node(Program program, int depth) {
    super(
        program,
        depth > 2
            ? (int) Program.fixed(program, depth - 1, 0.5)
            : new Base(program, depth - 4).value - new int[] {2}.length);
    program.log.in("Node.<init>");
    try {
      more = program.any(depth - 2);
    } finally {
      program.log.out();
    }
  }
}
