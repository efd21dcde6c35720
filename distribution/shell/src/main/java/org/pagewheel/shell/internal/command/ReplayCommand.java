package org.pagewheel.shell.internal.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.replay.Replay;
import org.pagewheel.shell.internal.replay.ReplayException;

/** The command replay. */
public final class ReplayCommand {
  private final Services services;

  public ReplayCommand(Services services) {
    this.services = services;
  }

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        Command.named(
                "replay",
                "feed a kernel trace through a ring and write it out again, times and losses kept")
            .word("IN.dat", Kind.FILE)
            .required("-o", "OUT.dat", Kind.FILE, "the file to make")
            .setting("backend", "B")
            .setting("pages", "N")
            .setting("page-size", "BYTES")
            .means("what is left out is as in buffer main")
            .example("replay kernel.dat -o out.dat", "the same report, line by line")
            .fails("a file cannot be read or written; there is no OUT.dat then")
            .runs(this::replay));
  }

  private String replay(Call call) throws ReplayException {
    Path from = call.path(call.word(0));
    Path to = call.path(call.value("-o"));
    BufferConfig like = like(call);
    return new Replay(services.buffers(), like, like.pageSize()).run(from, to).text().strip();
  }

  /** Sizes and backend: those of the command line, else those of buffer main. */
  private BufferConfig like(Call call) {
    Map<String, String> values = call.settings();
    BufferConfig config = services.administration().configure("replay", values);
    BufferConfig main = services.buffers().find("main").map(Buffer::config).orElse(config);
    if (!values.containsKey("backend")) {
      config = config.withBackend(main.backend(), Map.of());
    }
    return config.withPages(
        values.containsKey("pages") ? config.pages() : main.pages(),
        values.containsKey("page-size") ? config.pageSize() : main.pageSize());
  }
}
