package org.pagewheel.shell.internal.recover;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventType;
import org.pagewheel.runtime.Pagewheel;

/**
 * The process that is killed: four threads record numbered events to a buffer in a file, and write
 * down in another mapped file which one was the last that was recorded, and how many were refused.
 */
final class KillVictim {
  static final int THREADS = 4;

  /** Two numbers for each thread, on cache lines of their own. */
  static final int NOTES = 128;

  static final int REFUSED = 64;

  /** Of the first thread alone: how often the ring was replaced. */
  static final int SWAPS = 72;

  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  record Tick(long thread, long number) {}

  private KillVictim() {}

  /** The file of the notes, events a second and thread, replacements, and settings as key=value. */
  public static void main(String[] arguments) throws Exception {
    double pause = 1e9 / Double.parseDouble(arguments[1]);
    Map<String, String> settings = new HashMap<>();
    for (int i = 3; i < arguments.length; i++) {
      String[] parts = arguments[i].split("=", 2);
      settings.put("pagewheel.buffers.main." + parts[0], parts[1]);
    }
    EventType<Tick> type = EventType.of("kill", Tick.class);
    try (FileChannel channel =
        FileChannel.open(
            Path.of(arguments[0]),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      MemorySegment notes =
          channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) NOTES * THREADS, Arena.global());
      Pagewheel pagewheel = Pagewheel.start(settings);
      Buffer buffer = pagewheel.buffers().get("main");
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        Thread.ofPlatform().start(() -> record(type, buffer, thread, pause, notes));
      }
      Random random = new Random();
      for (long swaps = 1; swaps <= Long.parseLong(arguments[2]); swaps++) {
        Thread.sleep(random.nextInt(40));
        pagewheel.administration().replace(buffer.config());
        LONG.setRelease(notes, (long) SWAPS, swaps);
      }
    }
  }

  private static void record(
      EventType<Tick> type, Buffer buffer, int thread, double pause, MemorySegment notes) {
    long begin = System.nanoTime();
    long at = (long) NOTES * thread;
    for (long number = 0; ; ) {
      long due = (long) ((System.nanoTime() - begin) / pause);
      for (; number < due; number++) {
        if (type.record(buffer, new Tick(thread, number))) {
          LONG.setRelease(notes, at, number + 1);
        } else {
          LONG.setRelease(notes, at + REFUSED, notes.get(ValueLayout.JAVA_LONG, at + REFUSED) + 1);
        }
      }
      LockSupport.parkNanos(100_000);
    }
  }
}
