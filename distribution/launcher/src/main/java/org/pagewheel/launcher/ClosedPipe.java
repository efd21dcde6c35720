package org.pagewheel.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * Standard output that ends the program when it is no longer read.
 *
 * <p>A JVM ignores SIGPIPE and a PrintStream swallows the error, so that {@code pagewheel ... |
 * head} would go on for ever. The first failing write starts the end, on a separate thread because
 * the writer may hold locks that an orderly stop needs.
 */
final class ClosedPipe extends OutputStream {
  /** The status that a shell reports for a program that died of SIGPIPE. */
  static final int STATUS = 128 + 13;

  private final OutputStream out;
  private final IntConsumer exit;
  private final AtomicBoolean broken = new AtomicBoolean();

  /** The status with which the program ends; 0 while the output works. */
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

  /** A reader that left need not be reported; a full disk must be. */
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
