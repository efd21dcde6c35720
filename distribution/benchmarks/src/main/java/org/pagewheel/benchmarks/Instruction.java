package org.pagewheel.benchmarks;

import java.util.List;

/**
 * The properties of one instruction.
 *
 * @param text as the disassembler has it, in Intel's syntax
 */
record Instruction(String text) {
  private static final List<String> NO_ACCESS = List.of("lea", "nop", "prefetch", "j", "call");
  private static final List<String> READ_ONLY = List.of("cmp", "test", "ucomis", "vucomis");

  private String operation() {
    int end = text.indexOf(' ');
    return end < 0 ? text : text.substring(0, end);
  }

  private static boolean isAny(List<String> beginnings, String operation) {
    return beginnings.stream().anyMatch(operation::startsWith);
  }

  /** Whether it keeps all other CPUs from a word. */
  boolean isLocked() {
    return operation().equals("lock") || operation().equals("xchg") && text.contains("[");
  }

  /** Whether it jumps, or may. */
  boolean isBranch() {
    return operation().startsWith("j");
  }

  boolean loads() {
    if (operation().equals("pop") || operation().equals("ret")) {
      return true;
    }
    return accesses() && !(writesFirst() && operation().contains("mov"));
  }

  boolean stores() {
    if (operation().equals("push") || operation().equals("call")) {
      return true;
    }
    return accesses() && writesFirst();
  }

  private boolean accesses() {
    return text.contains("[") && !isAny(NO_ACCESS, operation());
  }

  /** Whether memory is its first operand and changed by it. */
  private boolean writesFirst() {
    int memory = text.indexOf('[');
    int second = text.indexOf(',');
    return (second < 0 || memory < second) && !isAny(READ_ONLY, operation());
  }

  /** Whether it takes many times as long as others: it is named. */
  boolean isSlow() {
    return isLocked()
        || operation().startsWith("rdtsc")
        || operation().endsWith("fence")
        || operation().contains("div")
        || operation().equals("syscall")
        || operation().equals("rdpid")
        || operation().equals("lsl");
  }

  /** Its operation, with a lock prefix. */
  String name() {
    String operation = operation();
    return operation.equals("lock") ? text.split(" ")[0] + " " + text.split(" +")[1] : operation;
  }
}
