package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counters;
import org.pagewheel.RingView;
import org.pagewheel.format.PageLayout;
import org.pagewheel.runtime.BufferStatus;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Descriptions;
import org.pagewheel.shell.internal.print.Pictures;
import org.pagewheel.shell.internal.print.Printable;
import org.pagewheel.shell.internal.print.Table;
import org.pagewheel.shell.internal.terminal.Terminals;
import org.pagewheel.spi.CpuList;

/** Commands on buffers as a whole: list, show, create, destroy, on, off, cpus, clear, mark. */
public final class BufferCommands {
  /** The functions of this class, for Gogo. */
  public static final String[] FUNCTIONS = {
    "list", "show", "create", "destroy", "on", "off", "cpus", "clear", "mark"
  };

  private static final String CREATE =
      "create NAME [backend=B] [mode=overwrite|discard] [pages=N] [page-size=N] [KEY=VALUE...]";

  /** What a mark has besides its text, see {@link Buffer#mark}. */
  private static final int MARK_BYTES = 17;

  private final Services services;

  public BufferCommands(Services services) {
    this.services = services;
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

  /**
   * Lists the buffers.
   *
   * @param arguments none
   * @return a line for each
   */
  @Descriptor("list the buffers")
  public Table<?> list(@Descriptor("no arguments") String... arguments) {
    Arguments.plain("list", 0, 0, arguments);
    return new Table<>(
        Line.class,
        "no buffers; ring:create NAME makes one",
        services.buffers().list().stream().map(this::line).toList());
  }

  private Line line(Buffer buffer) {
    Optional<BufferStatus> status = status(buffer);
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

  /** Empty if it has been destroyed meanwhile. */
  private Optional<BufferStatus> status(Buffer buffer) {
    return services.administration().buffers().stream()
        .filter(status -> status.name().equals(buffer.name()))
        .findFirst();
  }

  private static String state(Buffer buffer, Optional<BufferStatus> status) {
    return status
        .map(known -> known.state().name().toLowerCase(Locale.ROOT))
        .orElse(buffer.isOn() ? "on" : "off");
  }

  /**
   * Draws a buffer's rings.
   *
   * @param session whose terminal may know colours
   * @param arguments the buffer and perhaps a CPU
   * @return the rings of all CPUs that were written to, or of the one
   */
  @Descriptor("draw the ring: pages, fill, head, commit, tail and the reader's page")
  public List<RingView> show(
      CommandSession session,
      @Descriptor("BUFFER [CPU]: the buffer, and the CPU if only one is wanted")
          String... arguments) {
    Arguments parsed = new Arguments("show BUFFER [CPU]", Set.of(), Set.of(), arguments);
    List<String> plain = parsed.plain(1, 2);
    Buffer buffer = services.buffers().get(plain.getFirst());
    List<RingView> views = new ArrayList<>();
    if (plain.size() == 2) {
      views.add(buffer.view(cpu(parsed, buffer, plain.get(1))));
    } else {
      for (int cpu = 0; cpu < buffer.readers().cpus(); cpu++) {
        views.add(buffer.view(cpu));
      }
    }
    return new Pictures(
        Descriptions.of(buffer) + problem(buffer), views, Terminals.hasColours(session));
  }

  private String problem(Buffer buffer) {
    return status(buffer)
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
  static int cpu(Arguments arguments, Buffer buffer, String text) {
    int cpu = arguments.number("the CPU", text);
    int cpus = buffer.readers().cpus();
    if (cpu >= cpus) {
      throw arguments.wrong(
          "buffer " + buffer.name() + " has no CPU " + cpu + ", its CPUs are 0 to " + (cpus - 1));
    }
    return cpu;
  }

  /**
   * Makes a buffer; keys that are left out are as configured.
   *
   * @param arguments the name and settings
   * @return the buffer in words
   * @throws IOException if its ring could not be made
   */
  @Descriptor("make a buffer; keys that are left out are as configured")
  public String create(
      @Descriptor(
              "NAME [backend=B] [mode=overwrite|discard] [pages=N] [page-size=N] [KEY=VALUE...]:"
                  + " the keys of pagewheel.buffers.NAME")
          String... arguments)
      throws IOException {
    Arguments parsed = new Arguments(CREATE, Set.of(), Set.of("*"), arguments);
    String name = parsed.plain(1, 1).getFirst();
    return Descriptions.of(services.administration().create(name, parsed.values()));
  }

  /**
   * Closes buffers and forgets them.
   *
   * @param arguments their names
   */
  @Descriptor("close buffers and forget them, with all they hold")
  public void destroy(@Descriptor("BUFFER...: the buffers") String... arguments) {
    each("destroy BUFFER...", arguments)
        .forEach(buffer -> services.buffers().destroy(buffer.name()));
  }

  /**
   * Turns recording on.
   *
   * @param arguments the buffers
   */
  @Descriptor("turn recording on")
  public void on(@Descriptor("BUFFER...: the buffers") String... arguments) {
    each("on BUFFER...", arguments).forEach(Buffer::on);
  }

  /**
   * Turns recording off; what is there stays.
   *
   * @param arguments the buffers
   */
  @Descriptor("turn recording off; what was recorded stays")
  public void off(@Descriptor("BUFFER...: the buffers") String... arguments) {
    each("off BUFFER...", arguments).forEach(buffer -> buffer.off("ring:off"));
  }

  /**
   * Chooses the CPUs to record on.
   *
   * @param arguments the buffer and a list of CPUs
   * @return the CPUs recorded on
   */
  @Descriptor("choose the CPUs that are recorded on, or show them")
  public String cpus(
      @Descriptor("BUFFER [CPUS]: all, or a list such as 0-3,7; without it, those recorded on")
          String... arguments) {
    Arguments parsed = new Arguments("cpus BUFFER [CPUS]", Set.of(), Set.of(), arguments);
    List<String> plain = parsed.plain(1, 2);
    Buffer buffer = services.buffers().get(plain.getFirst());
    if (plain.size() == 2) {
      try {
        buffer.recordOn(CpuList.of("cpus", plain.get(1), buffer.readers().cpus()));
      } catch (IllegalArgumentException e) {
        throw parsed.wrong(e.getMessage());
      }
    }
    return CpuList.text(buffer.recordedCpus());
  }

  /**
   * Drops what is unread and begins the counters anew.
   *
   * @param arguments the buffers; none means all
   * @throws IOException if a new ring could not be made; the buffer is as it was then
   */
  @Descriptor("drop what is unread and count from zero, while writers write")
  public void clear(
      @Descriptor("[BUFFER...]: the buffers, all if none is named") String... arguments)
      throws IOException {
    Set<String> names =
        new TreeSet<>(Arguments.plain("clear [BUFFER...]", 0, Integer.MAX_VALUE, arguments));
    List<Buffer> chosen =
        names.isEmpty()
            ? services.buffers().list()
            : names.stream().map(services.buffers()::get).toList();
    for (Buffer buffer : chosen) {
      buffer.clear();
    }
  }

  /** All names are looked up before anything is done to the first buffer. */
  private List<Buffer> each(String usage, String... arguments) {
    Set<String> names = new TreeSet<>(Arguments.plain(usage, 1, Integer.MAX_VALUE, arguments));
    return names.stream().map(services.buffers()::get).toList();
  }

  /**
   * Writes a text mark.
   *
   * @param arguments the buffer and the words
   * @return how much of it was kept, if not all
   * @throws IOException if it was refused
   */
  @Descriptor("write a line of text into a buffer, among its events")
  public String mark(@Descriptor("BUFFER TEXT...: the buffer, then the text") String... arguments)
      throws IOException {
    if (arguments.length < 2 || Arrays.asList(arguments).contains(null)) {
      Arguments.plain("mark BUFFER TEXT...", 2, Integer.MAX_VALUE, arguments);
    }
    Buffer buffer = services.buffers().get(arguments[0]);
    String text = Arrays.stream(arguments).skip(1).collect(Collectors.joining(" "));
    if (!buffer.mark(text)) {
      throw new CommandFailed("buffer " + buffer.name() + " refused the mark: " + why(buffer));
    }
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    int most = PageLayout.maxEventSize(buffer.readers().pageSize()) - MARK_BYTES;
    return bytes <= most
        ? null
        : String.format(
            Locale.ROOT,
            "at most the first %,d of %,d bytes were kept: an event lies in one page",
            most,
            bytes);
  }

  private String why(Buffer buffer) {
    Optional<String> problem = status(buffer).flatMap(BufferStatus::problem);
    if (!buffer.isOn() && problem.isPresent()) {
      return problem.get();
    }
    if (buffer.isOn()) {
      return "see ring:stats " + buffer.name();
    }
    if (buffer.recordedCpus().isEmpty()) {
      return "it records on no CPU; ring:cpus " + buffer.name() + " all chooses all";
    }
    String reason = buffer.offReason().orElse("recording is off");
    return reason.startsWith("paused ")
        ? reason + "; it records again once that ends"
        : reason + "; ring:on " + buffer.name() + " turns it on";
  }
}
