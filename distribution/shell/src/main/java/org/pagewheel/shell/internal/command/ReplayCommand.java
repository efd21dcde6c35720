package org.pagewheel.shell.internal.command;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.shell.internal.replay.Replay;
import org.pagewheel.shell.internal.replay.ReplayException;

/** The command replay. */
public final class ReplayCommand {
  /** The functions of this class, for Gogo. */
  public static final String[] FUNCTIONS = {"replay"};

  private static final String USAGE =
      "replay IN.dat -o OUT.dat [backend=B] [pages=N] [page-size=BYTES]";

  private final Services services;

  public ReplayCommand(Services services) {
    this.services = services;
  }

  /**
   * Feeds a trace through a ring and writes it out again.
   *
   * @param session knows the directory that a relative path is meant in
   * @param arguments the files and the sizes
   * @return the account
   * @throws ReplayException if it failed; there is no output then
   */
  @Descriptor("feed a kernel trace through a ring and write it out again, times and losses kept")
  public String replay(
      CommandSession session,
      @Descriptor(
              "IN.dat -o OUT.dat [backend=B] [pages=N] [page-size=BYTES]: what is left out is as in"
                  + " buffer main")
          String... arguments)
      throws ReplayException {
    Arguments parsed =
        new Arguments(USAGE, Set.of("-o"), Set.of("backend", "pages", "page-size"), arguments);
    Path from = Paths.of(session, parsed.plain(1, 1).getFirst());
    if (parsed.value("-o") == null) {
      throw parsed.wrong("no output is named with -o");
    }
    Path to = Paths.of(session, parsed.value("-o"));
    BufferConfig like = like(parsed);
    return new Replay(services.buffers(), like, like.pageSize()).run(from, to).text().strip();
  }

  /** Sizes and backend: those of the command line, else those of buffer main. */
  private BufferConfig like(Arguments parsed) {
    Map<String, String> values = new HashMap<>(parsed.values());
    values.remove("-o");
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
