package org.pagewheel.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * Standard output that ends the program when nobody reads it any more.
 *
 * <p>A JVM ignores SIGPIPE and a PrintStream swallows the error, so that {@code pagewheel ... |
 * head} would go on for ever. The first failing write starts the end, in a thread of its own since
 * the writer may hold locks that an orderly stop needs.
 */
final class ClosedPipe extends OutputStream {
  /** What a shell reports of a program that died of SIGPIPE. */
  static final int STATUS = 128 + 13;

  private final OutputStream out;
  private final IntConsumer exit;
  private final AtomicBoolean broken = new AtomicBoolean();

  /** That of the program, however it ends; 0 as long as nothing is broken. */
  private volatile int status;

  ClosedPipe(OutputStream out, IntConsumer exit) {
    this.out = out;
    this.exit = exit;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (broken.get()) {
      return;
    }
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      if (broken.compareAndSet(false, true)) {
        status = tell(e);
        var end = new Thread(() -> exit.accept(status), "pagewheel-closed-pipe");
        end.setDaemon(true);
        end.start();
      }
    }
  }

  /** The status of the program, unless its output has failed. */
  int statusOr(int otherwise) {
    return status == 0 ? otherwise : status;
  }

  /** A reader that left is no news to anybody; a full disk is. */
  private static int tell(IOException failure) {
    if ("Broken pipe".equals(failure.getMessage())) {
      return STATUS;
    }
    return Main.fail(
        Main.FAILED, new IOException("cannot write the output: " + failure.getMessage()));
  }

  @Override
  public void flush() {
    // Every write goes straight to the file descriptor.
  }
}
