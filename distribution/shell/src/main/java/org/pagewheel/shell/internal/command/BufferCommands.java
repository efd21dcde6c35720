package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counters;
import org.pagewheel.RingView;
import org.pagewheel.runtime.BufferStatus;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.Descriptions;
import org.pagewheel.shell.internal.print.Pictures;
import org.pagewheel.shell.internal.print.Printable;
import org.pagewheel.shell.internal.print.Table;
import org.pagewheel.shell.internal.terminal.Terminals;
import org.pagewheel.spi.CpuList;

/** Commands on buffers as a whole: list, show, create, destroy, on, off, cpus, clear. */
public final class BufferCommands {
  private static final String BUFFER = "BUFFER";

  private final Services services;

  public BufferCommands(Services services) {
    this.services = services;
  }

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        Command.named("list", "list the buffers")
            .example("list", "their rings, and what is unread or lost")
            .runs(this::list),
        Command.named(
                "show", "draw the ring: pages, fill, head, commit, tail and the reader's page")
            .word(BUFFER, Kind.BUFFER)
            .optional("CPU", Kind.NEW)
            .means("the buffer, and the CPU if only one is wanted")
            .example("show main", "every CPU that was written to")
            .runs(this::show),
        Command.named("create", "make a buffer; keys that are left out are as configured")
            .word("NAME", Kind.NEW)
            .settings(Kind.BUFFER_SETTING)
            .usage("NAME [backend=B] [mode=overwrite|discard] [pages=N] [page-size=N]")
            .means("the keys of pagewheel.buffers.NAME")
            .example("create audit backend=lockfree mode=discard", "keeps the oldest events")
            .fails("its ring could not be made")
            .runs(this::create),
        Command.named("destroy", "close buffers and forget them, with all they hold")
            .many(BUFFER, Kind.BUFFER)
            .example("destroy audit", "and its events")
            .runs(this::destroy),
        Command.named("on", "turn recording on")
            .many(BUFFER, Kind.BUFFER)
            .example("on main", "after ring:off, or a trigger")
            .runs(call -> each(call, Buffer::on)),
        Command.named("off", "turn recording off; what was recorded stays")
            .many(BUFFER, Kind.BUFFER)
            .example("off main", "an event costs next to nothing then")
            .runs(call -> each(call, buffer -> buffer.off("ring:off"))),
        Command.named("cpus", "choose the CPUs that are recorded on, or show them")
            .word(BUFFER, Kind.BUFFER)
            .optional("CPUS", Kind.NEW)
            .means("all, or a list such as 0-3,7; without it, those recorded on")
            .example("cpus main 0-3,7", "on these; all records on all again")
            .runs(this::cpus),
        Command.named("clear", "drop what is unread and count from zero, while writers write")
            .any(BUFFER, Kind.BUFFER)
            .means("all buffers if none is named")
            .example("clear main", "what metrics show goes on")
            .fails("a new ring could not be made; the buffer is as it was")
            .runs(this::clear));
  }

  /**
   * A line of {@code list}.
   *
   * @param buffer the buffer's name
   * @param backend what makes its ring
   * @param mode what a full ring does
   * @param pages pages per CPU
   * @param pageSize bytes per page
   * @param cpus streams
   * @param clock where times come from
   * @param state on, off, waiting for its backend, or failed
   * @param unread events that can be read
   * @param lost events overwritten or refused
   * @param problem why it does not record
   */
  record Line(
      String buffer,
      String backend,
      String mode,
      int pages,
      int pageSize,
      int cpus,
      String clock,
      String state,
      long unread,
      long lost,
      String problem) {}

  private Table<?> list(Call call) {
    return new Table<>(
        Line.class,
        "no buffers; ring:create NAME makes one",
        services.buffers().list().stream().map(this::line).toList());
  }

  private Line line(Buffer buffer) {
    Optional<BufferStatus> status = services.status(buffer);
    BufferConfig config = buffer.config();
    Counters counters = buffer.counters();
    return new Line(
        buffer.name(),
        config.backend(),
        config.mode().name().toLowerCase(Locale.ROOT),
        config.pages(),
        config.pageSize(),
        config.cpus(),
        config.clock().name(),
        state(buffer, status),
        counters.unread(),
        counters.overrun() + counters.refused(),
        status.flatMap(BufferStatus::problem).or(buffer::offReason).orElse(""));
  }

  private static String state(Buffer buffer, Optional<BufferStatus> status) {
    return status
        .map(known -> known.state().name().toLowerCase(Locale.ROOT))
        .orElse(buffer.isOn() ? "on" : "off");
  }

  private List<RingView> show(Call call) {
    List<String> plain = call.plain();
    Buffer buffer = services.buffers().get(plain.getFirst());
    List<RingView> views = new ArrayList<>();
    if (plain.size() == 2) {
      views.add(buffer.view(cpu(call, buffer, plain.get(1))));
    } else {
      for (int cpu = 0; cpu < buffer.readers().cpus(); cpu++) {
        views.add(buffer.view(cpu));
      }
    }
    return new Pictures(
        Descriptions.of(buffer) + problem(buffer), views, Terminals.hasColours(call.session()));
  }

  private String problem(Buffer buffer) {
    return services
        .status(buffer)
        .filter(status -> status.problem().isPresent())
        .map(
            status ->
                " ("
                    + state(buffer, Optional.of(status))
                    + ": "
                    + Printable.of(status.problem().get())
                    + ")")
        .orElse("");
  }

  /** The number of a CPU of a buffer. */
  static int cpu(Call call, Buffer buffer, String text) {
    int cpu = call.arguments().number("the CPU", text);
    int cpus = buffer.readers().cpus();
    if (cpu >= cpus) {
      throw call.wrong(
          "buffer " + buffer.name() + " has no CPU " + cpu + ", its CPUs are 0 to " + (cpus - 1));
    }
    return cpu;
  }

  private String create(Call call) throws IOException {
    return Descriptions.of(services.administration().create(call.word(0), call.settings()));
  }

  private Object destroy(Call call) {
    return each(call, buffer -> services.buffers().destroy(buffer.name()));
  }

  /** All names are looked up before anything is done to the first buffer. */
  private Object each(Call call, Consumer<Buffer> action) {
    new TreeSet<>(call.plain()).stream().map(services.buffers()::get).toList().forEach(action);
    return null;
  }

  private String cpus(Call call) {
    Buffer buffer = services.buffers().get(call.word(0));
    if (call.word(1) != null) {
      try {
        buffer.recordOn(CpuList.of("cpus", call.word(1), buffer.readers().cpus()));
      } catch (IllegalArgumentException e) {
        throw call.wrong(e.getMessage());
      }
    }
    return CpuList.text(buffer.recordedCpus());
  }

  private Object clear(Call call) throws IOException {
    Set<String> names = new TreeSet<>(call.plain());
    List<Buffer> chosen =
        names.isEmpty()
            ? services.buffers().list()
            : names.stream().map(services.buffers()::get).toList();
    for (Buffer buffer : chosen) {
      buffer.clear();
    }
    return null;
  }
}
