package org.pagewheel.backend.offheap.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.pagewheel.ringfile.LeftFiles;

/** Left files on their way to the service that recovers them, which may come later than they do. */
final class LeftQueue {
  private static final List<Path> WAITING = new ArrayList<>();
  private static LeftFiles handler;

  private LeftQueue() {}

  static synchronized void offer(Path file) {
    WAITING.add(file);
    if (handler == null) {
      handler =
          ServiceLoader.load(LeftFiles.class, LeftQueue.class.getClassLoader())
              .findFirst()
              .orElse(null);
    }
    handOn();
  }

  /** Null removes the handler. */
  static synchronized void handler(LeftFiles newHandler) {
    handler = newHandler;
    handOn();
  }

  private static void handOn() {
    if (handler == null) {
      return;
    }
    LeftFiles taker = handler;
    for (Path file : WAITING) {
      Thread.ofPlatform().daemon().name("pagewheel-recover").start(() -> taker.recover(file));
    }
    WAITING.clear();
  }
}
