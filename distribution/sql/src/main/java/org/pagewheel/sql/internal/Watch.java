package org.pagewheel.sql.internal;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Cancels a statement when the thread that waits for it is interrupted. */
final class Watch implements AutoCloseable {
  static final String NAME = "pagewheel-sql";
  private static final Duration OFTEN = Duration.ofMillis(50);

  private final Thread watcher;

  private Watch(Thread watcher) {
    this.watcher = watcher;
  }

  static Watch over(Statement statement) {
    Thread waiting = Thread.currentThread();
    Thread watcher =
        Thread.ofPlatform()
            .daemon()
            .name(NAME)
            .unstarted(
                () -> {
                  try {
                    while (!waiting.isInterrupted()) {
                      Thread.sleep(OFTEN);
                    }
                    statement.cancel();
                  } catch (InterruptedException | SQLException e) {
                    // the statement has ended
                  }
                });
    watcher.start();
    return new Watch(watcher);
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
