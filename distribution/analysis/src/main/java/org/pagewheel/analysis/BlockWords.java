package org.pagewheel.analysis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a thread was blocked on, and who woke it, in words. */
final class BlockWords {
  /** Frames of the scheduler itself, and of what records it. */
  private static final String OWN_FRAMES =
      "(__)?(traceiter|schedule|cond_resched|preempt|trace_event|ftrace|bpf)\\w*|"
          + "event_trigger\\w*|stack_?trace\\w*";

  private final List<Trace> traces;
  private final Cells cells;
  private final Map<Integer, String> names = new HashMap<>();

  BlockWords(List<Trace> traces, Cells cells) {
    this.traces = traces;
    this.cells = cells;
    // The kernel cuts names, so those of others count first.
    SchedTypes types = new SchedTypes(traces);
    for (boolean isKernels : new boolean[] {false, true}) {
      for (int i = 0; i < traces.size(); i++) {
        if (types.has(i) == isKernels) {
          traces.get(i).threadNames().forEach(names::putIfAbsent);
        }
      }
    }
  }

  String name(int tid) {
    return Threads.name(names, tid);
  }

  /** Its name and number. */
  String thread(int tid) {
    return Threads.text(names, tid);
  }

  /** The event before the longest block. */
  String after(Block block) {
    if (block == null || block.after < 0) {
      return "";
    }
    int id = block.after & 0xffff;
    return traces.get(block.after >> Character.SIZE).formats().stream()
        .filter(each -> each.id() == id)
        .reduce((first, second) -> second)
        .map(TypeIndex::name)
        .orElse("");
  }

  /** The first of the kernel's functions that is not the scheduler's own. */
  String stack(Block block) {
    if (block == null || block.stack.length == 0) {
      return "";
    }
    return cells
        .report(block.stackTrace, block.stack)
        .lines()
        .map(line -> line.strip().replaceFirst("^=> *", "").replaceFirst("[ +].*", ""))
        .skip(1)
        .filter(name -> !name.isEmpty() && !name.matches(OWN_FRAMES))
        .findFirst()
        .orElse("");
  }

  /** Who woke it; empty if that is not known. */
  String waker(Block block) {
    return block == null || block.waker == Block.NOBODY
        ? ""
        : block.isInterrupt ? "interrupt" : name(block.waker);
  }
}
