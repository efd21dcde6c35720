package org.pagewheel.runtime;

import java.nio.file.Path;
import org.pagewheel.Buffer;
import org.pagewheel.PageReader;
import org.pagewheel.event.EventType;

/**
 * Records while its stack or its heap is full, which it survives, and then as usual; run in a JVM
 * of its own. Arguments: {@code stack} or {@code heap}, and how often.
 */
final class FullStackChild {
  private static final int AFTERWARDS = 100_000;

  record Step(int depth) {}

  private static final EventType<Step> STEP = EventType.of("full", Step.class);

  private static Buffer main;
  private static Object hoard;

  private FullStackChild() {}

  public static void main(String[] args) throws Exception {
    Pagewheel pagewheel = Pagewheel.start();
    main = pagewheel.buffers().get("main");
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      Runnable full = args[0].equals("stack") ? () -> dive(0) : FullStackChild::fill;
      Thread thread = new Thread(null, () -> survive(full), "full", 200_000 + i);
      thread.start();
      thread.join();
    }
    drain();
    int written = 0;
    for (int i = 0; i < AFTERWARDS; i++) {
      if (STEP.record(main, new Step(-1))) {
        written++;
      } else {
        drain(); // in mode discard the ring is full now and then
        written += STEP.record(main, new Step(-1)) ? 1 : 0;
      }
    }
    long begin = System.nanoTime();
    pagewheel.buffers().save(Path.of("trace.dat"));
    System.out.println("written " + written + ", saved after " + (System.nanoTime() - begin));
    var c = main.counters();
    System.out.println("unaccounted " + (c.written() - c.read() - c.unread() - c.overrun()));
    System.exit(0);
  }

  private static void survive(Runnable full) {
    try {
      full.run();
    } catch (StackOverflowError | OutOfMemoryError e) {
      hoard = null;
    }
  }

  private static void dive(int depth) {
    STEP.record(main, new Step(depth));
    dive(depth + 1);
  }

  /** Fills the heap to the last byte, then records. */
  private static void fill() {
    for (int size = 1 << 20; size >= 16; size /= 16) {
      try {
        while (true) {
          Object[] next = new Object[size / 4];
          next[0] = hoard;
          hoard = next;
        }
      } catch (OutOfMemoryError e) {
        // that size does not fit any more
      }
    }
    for (int i = 0; i < 100; i++) {
      STEP.record(main, new Step(i));
    }
    hoard = null;
  }

  private static void drain() {
    try (PageReader reader = main.readers().pages()) {
      for (int cpu = 0; cpu < main.readers().cpus(); cpu++) {
        for (var page = reader.take(cpu, true); page != null; page = reader.take(cpu, true)) {
          page.release();
        }
      }
    }
  }
}
