package org.pagewheel.ringfile;

import java.util.ArrayList;
import java.util.List;
import org.pagewheel.spi.Log;

/**
 * Checks periodically that the files of this process's rings are intact, and copies the rings'
 * accounts; on a thread that exists while there are such files.
 */
final class FileWatch implements Runnable {
  private static final long INTERVAL_MILLIS = 100;

  /** One in this many checks also looks at the file and the pages. */
  private static final int THOROUGH = 10;

  private static final List<RingFileWriter> FILES = new ArrayList<>();
  private static boolean running;

  private FileWatch() {}

  static void add(RingFileWriter file) {
    synchronized (FILES) {
      FILES.add(file);
      if (!running) {
        running = true;
        Thread thread =
            Thread.ofPlatform()
                .daemon()
                .name("pagewheel-ring-files")
                .inheritInheritableThreadLocals(false)
                .unstarted(new FileWatch());
        thread.setContextClassLoader(null); // it belongs to no application
        thread.start();
      }
    }
  }

  static void remove(RingFileWriter file) {
    synchronized (FILES) {
      FILES.remove(file);
      FILES.notifyAll();
    }
  }

  @Override
  public void run() {
    for (int look = 0; ; look++) {
      List<RingFileWriter> files;
      synchronized (FILES) {
        if (FILES.isEmpty()) {
          running = false;
          return;
        }
        files = List.copyOf(FILES);
      }
      for (RingFileWriter file : files) {
        lookAt(file, look % THOROUGH == 0);
      }
      pause();
    }
  }

  private static void lookAt(RingFileWriter file, boolean thoroughly) {
    try {
      file.look(thoroughly);
    } catch (RuntimeException | Error e) {
      Log.debug("a ring's file could not be looked at", e);
    }
  }

  /** Waits until it is time for the next check, or the last file has gone. */
  private static void pause() {
    long end = System.nanoTime() + INTERVAL_MILLIS * 1_000_000;
    synchronized (FILES) {
      long left = INTERVAL_MILLIS;
      while (left > 0 && !FILES.isEmpty()) {
        try {
          FILES.wait(left);
        } catch (InterruptedException e) {
          return; // whoever interrupted it, the files are checked once more
        }
        left = (end - System.nanoTime()) / 1_000_000;
      }
    }
  }
}
