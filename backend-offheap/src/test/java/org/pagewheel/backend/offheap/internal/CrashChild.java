package org.pagewheel.backend.offheap.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * The process that is killed: each thread writes events on a CPU of its own and tells in a second
 * mapped file how many it has committed. On each CPU another thread begins an event, and never ends
 * it.
 */
final class CrashChild {
  private CrashChild() {}

  /** Ring file, progress file, mode, writers. */
  public static void main(String[] args) throws Exception {
    int writers = Integer.parseInt(args[3]);
    ThreadLocal<Integer> cpu = ThreadLocal.withInitial(() -> 0);
    BufferConfig config =
        BufferConfig.of("crash", "offheap")
            .withMode(Mode.valueOf(args[2]))
            .withPages(16, 4096)
            .withClock(writers, Clock.MONO, cpu::get)
            .withBackend("offheap", Map.of("file", args[0]));
    Ring ring = new OffHeapBackend().open(RingConfig.of(config));
    try (FileChannel channel =
        FileChannel.open(
            Path.of(args[1]),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      MemorySegment progress =
          channel.map(FileChannel.MapMode.READ_WRITE, 0, 8L * writers, Arena.global());
      for (int i = 0; i < writers; i++) {
        int writer = i;
        Thread.ofPlatform().start(() -> write(ring, cpu, writer, progress));
      }
      Thread.sleep(3);
      for (int i = 0; i < writers; i++) {
        cpu.set(i);
        StepEvent torn = new StepEvent(-1, i);
        long at = ring.reserve(torn.length());
        if (at >= 0) {
          torn.write(ring, at); // and no commit
        }
      }
      System.out.println("ready");
      die(System.in.read());
    }
  }

  /** As told; a signal comes by itself. */
  private static void die(int how) throws InterruptedException {
    switch (how) {
      case 'h' -> Runtime.getRuntime().halt(1);
      case 'o' -> {
        List<byte[]> all = new ArrayList<>();
        while (true) {
          all.add(new byte[1 << 20]);
        }
      }
      default -> Thread.sleep(Long.MAX_VALUE);
    }
  }

  private static void write(
      Ring ring, ThreadLocal<Integer> cpu, int writer, MemorySegment progress) {
    cpu.set(writer);
    for (long number = 0; ; ) {
      StepEvent event = new StepEvent(writer, number);
      long at = ring.reserve(event.length());
      if (at >= 0) {
        event.write(ring, at);
        ring.commit(at);
        number++;
        progress.setAtIndex(ValueLayout.JAVA_LONG, writer, number);
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
