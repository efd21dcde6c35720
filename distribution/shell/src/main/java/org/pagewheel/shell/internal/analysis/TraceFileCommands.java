package org.pagewheel.shell.internal.analysis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.analysis.Moments;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Lines;
import org.pagewheel.shell.internal.print.WrongInput;
import org.pagewheel.spi.Reason;
import org.pagewheel.tracedat.TraceFile;
import org.pagewheel.tracedat.TraceMerge;

/** Commands that make trace files of trace files. */
public final class TraceFileCommands {
  private static final String OFFSET = "--offset";
  private static final String OUT = "-o";

  public TraceFileCommands() {}

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        Command.named("merge", "make one trace.dat of several, as the kernel's and ours")
            .many("FILE", Kind.FILE)
            .required(OUT, "OUT.dat", Kind.FILE, "the file to make")
            .option(
                OFFSET,
                "TIME",
                Kind.NEW,
                "where clocks differ: what to add to the times of all but the kernel's, as -250us")
            .means(
                "the kernel's buffer is on top, or else the first file's; the others' are"
                    + " instances, named after their files; each is named once. Names of Java"
                    + " threads replace the kernel's")
            .example("merge app.dat kernel.dat -o both.dat", "for trace-cmd report, KernelShark")
            .fails("a file cannot be read, or they do not fit; there is no OUT.dat then")
            .runs(this::merge));
  }

  private static long offset(Call call) {
    try {
      return Moments.offset(OFFSET, call.value(OFFSET));
    } catch (IllegalArgumentException e) {
      throw call.wrong(e.getMessage());
    }
  }

  private List<String> merge(Call call) throws IOException {
    List<Path> paths = call.plain().stream().map(call::path).toList();
    Path to = call.path(call.value(OUT));
    List<TraceFile> files = new ArrayList<>();
    try {
      for (Path path : paths) {
        files.add(TraceFile.open(path));
      }
      TraceMerge merge = new TraceMerge(files);
      if (call.value(OFFSET) != null) {
        merge.offset(offset(call));
      }
      List<String> lines = new ArrayList<>(merge.write(to));
      for (TraceFile file : files) {
        file.warnings().forEach(each -> lines.add(file.path() + ": " + each));
      }
      lines.add(
          "%s holds %d files, on the clock %s of %s"
              .formatted(to, files.size(), TraceMerge.clock(merge.base()), merge.base().path()));
      return new Lines(lines);
    } catch (WrongInput e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailed(Reason.of(e), e);
    } finally {
      for (TraceFile file : files) {
        file.close();
      }
    }
  }
}
