package org.pagewheel.launcher;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.function.Predicate;

/**
 * The output of this process while a person types at its shell: logs, an application's own lines.
 * Each line goes, complete, above the line being typed instead of into it. The output of the
 * shell's commands goes to the terminal directly. Control characters are escaped: names and texts
 * in logs come from anywhere.
 */
final class LinesAbove {
  /** Longer lines are printed in pieces. */
  private static final int MAX_LINE = 1 << 16;

  private volatile Predicate<String> above = line -> false;

  private LinesAbove() {}

  /** Replaces the process's own streams from now on. */
  static LinesAbove install() {
    var lines = new LinesAbove();
    System.setOut(lines.before(System.out));
    System.setErr(lines.before(System.err));
    return lines;
  }

  /** Sets where lines go from now on; it returns false for a line that it does not want. */
  void to(Predicate<String> destination) {
    above = destination;
  }

  private PrintStream before(PrintStream stream) {
    return new PrintStream(new Lines(stream), true, Charset.defaultCharset());
  }

  /** Keeps a line together until it ends. Guarded by the stream around it. */
  private final class Lines extends OutputStream {
    private final PrintStream stream;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Lines(PrintStream stream) {
      this.stream = stream;
    }

    @Override
    public void write(int b) {
      if (b == '\n') {
        String text = Printable.of(line.toString(Charset.defaultCharset()));
        line.reset();
        if (!above.test(text)) {
          stream.println(text);
        }
      } else {
        if (line.size() == MAX_LINE) {
          write('\n');
        }
        line.write(b);
      }
    }

    @Override
    public void close() {
      if (line.size() > 0) {
        write('\n');
      }
    }
  }
}
