package org.pagewheel.shell.internal.analysis;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.analysis.Trace;
import org.pagewheel.analysis.Traces;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.spi.FileKind;
import org.pagewheel.spi.Reason;

/** The open files of a question. */
final class Asked implements Closeable {
  private final List<Trace> traces = new ArrayList<>();

  private Asked() {}

  /** Opens all, or none if one of them cannot be. */
  static Asked open(List<Path> files) throws IOException {
    Asked asked = new Asked();
    try {
      for (Path file : files) {
        asked.traces.add(open(file));
      }
      return asked;
    } catch (IOException e) {
      asked.close();
      throw new CommandFailed(Reason.of(e), e);
    } catch (RuntimeException | Error e) {
      asked.close();
      throw e;
    }
  }

  private static Trace open(Path file) throws IOException {
    Traces.checkIsFile(file);
    if (!FileKind.of(file).isRing()) {
      return Traces.open(file);
    }
    try {
      return new RingTrace(file);
    } catch (NoClassDefFoundError e) {
      return Traces.open(file); // there is no off-heap backend: this says so
    }
  }

  List<Trace> traces() {
    return traces;
  }

  @Override
  public void close() throws IOException {
    for (Trace trace : traces) {
      trace.close();
    }
  }
}
