package org.pagewheel.shell.internal.command;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntBiFunction;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.pagewheel.Buffer;
import org.pagewheel.EventReader;
import org.pagewheel.event.EventSet;
import org.pagewheel.event.EventState;
import org.pagewheel.runtime.ConsumerStatus;
import org.pagewheel.runtime.Setting;
import org.pagewheel.shell.internal.print.EventLines;
import org.pagewheel.shell.internal.print.Table;
import org.pagewheel.shell.internal.print.WrongInput;
import org.pagewheel.shell.internal.terminal.Stop;
import org.pagewheel.shell.internal.terminal.Terminals;
import org.pagewheel.spi.Nearest;

/**
 * Commands on what plugs into buffers, and on what they record: backends, consumers, sources,
 * attach, detach, events, enable, disable, config, tail.
 */
public final class PluginCommands {
  /** The functions of this class, for Gogo. */
  public static final String[] FUNCTIONS = {
    "backends",
    "consumers",
    "sources",
    "attach",
    "detach",
    "events",
    "enable",
    "disable",
    "config",
    "tail"
  };

  private static final Duration POLL = Duration.ofMillis(50);
  private static final String TAIL = "tail BUFFER [N] [EVENT...] [-t]";

  private final Services services;

  public PluginCommands(Services services) {
    this.services = services;
  }

  /** A line of {@code consumers}. */
  record ConsumerLine(
      String buffer,
      String consumer,
      String type,
      String state,
      long pages,
      long missed,
      int queued,
      int held,
      String problem) {}

  /** A line of {@code sources}. */
  record SourceLine(String source, String state, String problem) {}

  /** A line of {@code events}. */
  record EventLine(String event, int id, String state) {}

  /** A line of {@code backends}. */
  record BackendLine(String backend, String buffers) {}

  /**
   * The backends.
   *
   * @param arguments none
   * @return a line for each
   */
  @Descriptor("list the backends, and the buffers whose rings they have made")
  public Table<?> backends(@Descriptor("no arguments") String... arguments) {
    Arguments.plain("backends", 0, 0, arguments);
    return new Table<>(
        BackendLine.class,
        "no backends; install and start a bundle that brings one, as in felix:install URL",
        services.administration().backends().stream()
            .map(
                backend ->
                    new BackendLine(
                        backend,
                        String.join(
                            " ",
                            services.buffers().list().stream()
                                .filter(buffer -> buffer.config().backend().equals(backend))
                                .map(Buffer::name)
                                .toList())))
            .toList());
  }

  /**
   * The consumers.
   *
   * @param arguments none
   * @return a line for each
   */
  @Descriptor("list the consumers: what they have taken, missed, and what is wrong with them")
  public Table<?> consumers(@Descriptor("no arguments") String... arguments) {
    Arguments.plain("consumers", 0, 0, arguments);
    return new Table<>(
        ConsumerLine.class,
        "no consumers; ring:attach BUFFER TYPE attaches one",
        services.administration().consumers().stream().map(PluginCommands::line).toList());
  }

  private static ConsumerLine line(ConsumerStatus status) {
    return new ConsumerLine(
        status.buffer(),
        status.name(),
        status.type(),
        status.state().name().toLowerCase(Locale.ROOT),
        status.pages(),
        status.missed(),
        status.queued(),
        status.held(),
        status.problem().orElse(""));
  }

  /**
   * The sources.
   *
   * @param arguments none
   * @return a line for each
   */
  @Descriptor("list the sources of events")
  public Table<?> sources(@Descriptor("no arguments") String... arguments) {
    Arguments.plain("sources", 0, 0, arguments);
    return new Table<>(
        SourceLine.class,
        "no sources; a bundle brings them, and pagewheel.sources configures them",
        services.administration().sources().stream()
            .map(
                each ->
                    new SourceLine(
                        each.name(),
                        each.running() ? "running" : "stopped",
                        each.problem().orElse("")))
            .toList());
  }

  /**
   * Attaches a consumer.
   *
   * @param arguments the buffer, the type, and the consumer's settings
   * @return what was attached
   * @throws IOException if it could not start; nothing has changed then
   */
  @Descriptor("attach a consumer to a buffer, while events flow")
  public String attach(
      @Descriptor("BUFFER TYPE [name=N] [KEY=VALUE...]: the type, such as splice; its settings")
          String... arguments)
      throws IOException {
    Arguments parsed =
        new Arguments(
            "attach BUFFER TYPE [name=N] [KEY=VALUE...]", Set.of(), Set.of("*"), arguments);
    List<String> plain = parsed.plain(2, 2);
    Map<String, String> values = new HashMap<>(parsed.values());
    String given = values.remove("name");
    String name = given == null ? plain.get(1) : given;
    List<String> types = services.administration().consumerTypes();
    if (!types.contains(plain.get(1))) {
      throw parsed.wrong(
          "there is no consumer type " + plain.get(1) + ", " + Nearest.hint(plain.get(1), types));
    }
    values.put("type", plain.get(1));
    File directory = values.containsKey("dir") ? new File(values.get("dir")) : null;
    boolean isNew = directory != null && !directory.exists();
    services.administration().attach(plain.get(0), name, values);
    String made = isNew && directory.isDirectory() ? "; made the directory " + directory : "";
    return "consumer " + name + " of buffer " + plain.get(0) + " takes pages" + made;
  }

  /**
   * Detaches a consumer.
   *
   * @param arguments the buffer and the consumer's name
   */
  @Descriptor("detach a consumer from a buffer, once it has taken what waits for it")
  public void detach(@Descriptor("BUFFER CONSUMER") String... arguments) {
    List<String> plain = Arguments.plain("detach BUFFER CONSUMER", 2, 2, arguments);
    services.administration().detach(plain.get(0), plain.get(1));
  }

  /**
   * The event types.
   *
   * @param arguments the buffer
   * @return a line for each
   */
  @Descriptor("list the event types that are known, and whether a buffer records them")
  public Table<?> events(@Descriptor("BUFFER") String... arguments) {
    Buffer buffer =
        services.buffers().get(Arguments.plain("events BUFFER", 1, 1, arguments).getFirst());
    return new Table<>(
        EventLine.class,
        "no event types yet; one is known once a program has defined it",
        buffer.events().list().stream().map(PluginCommands::line).toList());
  }

  private static EventLine line(EventState state) {
    return new EventLine(
        state.system() + ":" + state.name(), state.id(), state.enabled() ? "on" : "off");
  }

  /**
   * Enables event types.
   *
   * @param arguments the buffer and patterns
   * @return how many match
   */
  @Descriptor("record event types in a buffer")
  public String enable(
      @Descriptor("BUFFER PATTERN...: system:event, * stands for any characters")
          String... arguments) {
    return turn("enable BUFFER PATTERN...", EventSet::enable, arguments);
  }

  /**
   * Disables event types.
   *
   * @param arguments the buffer and patterns
   * @return how many match
   */
  @Descriptor("no longer record event types in a buffer")
  public String disable(
      @Descriptor("BUFFER PATTERN...: system:event, * stands for any characters")
          String... arguments) {
    return turn("disable BUFFER PATTERN...", EventSet::disable, arguments);
  }

  private String turn(String usage, ToIntBiFunction<EventSet, String> turn, String... arguments) {
    List<String> plain = Arguments.plain(usage, 2, Integer.MAX_VALUE, arguments);
    EventSet events = services.buffers().get(plain.getFirst()).events();
    try {
      int count = plain.stream().skip(1).mapToInt(each -> turn.applyAsInt(events, each)).sum();
      return count + " event types known now match; those to come that match will follow";
    } catch (IllegalArgumentException wrong) {
      throw new WrongInput(wrong.getMessage(), wrong);
    }
  }

  /**
   * The effective configuration.
   *
   * @param arguments a part of the keys wanted, or none
   * @return a line for each value
   */
  @Descriptor("print the effective configuration, and where each value comes from")
  public Table<?> config(@Descriptor("[TEXT]: only keys that contain it") String... arguments) {
    List<String> plain = Arguments.plain("config [TEXT]", 0, 1, arguments);
    String part = plain.isEmpty() ? "" : plain.getFirst();
    return new Table<>(
        Setting.class,
        "no key of the configuration contains that; ring:config lists all",
        services.administration().settings().stream()
            .filter(setting -> setting.key().contains(part))
            .toList());
  }

  /**
   * Prints events as they come, without consuming them, until interrupted.
   *
   * @param session where to print to
   * @param arguments the buffer, and after how many events to stop
   * @throws IOException if a page of the ring is damaged
   */
  @Descriptor("print the events of a buffer as they come, until interrupted or N have come")
  public void tail(
      CommandSession session,
      @Descriptor(
              "BUFFER [N] [EVENT...] [-t]: until N have come; only the events that match one of the"
                  + " patterns SYSTEM:EVENT; -t shows nanoseconds")
          String... arguments)
      throws IOException {
    Arguments parsed =
        new Arguments(TAIL, Set.of(), Set.of(EventFilter.NANOS), Set.of(), arguments);
    List<String> plain = parsed.plain(1, Integer.MAX_VALUE);
    EventLines.Style style = EventFilter.style(parsed);
    Buffer buffer = services.buffers().get(plain.getFirst());
    EventFilter filter = EventFilter.of(parsed, buffer);
    long most = filter.most() < 0 ? Long.MAX_VALUE : filter.most();
    long from = buffer.config().clock().now();
    PrintStream out = Terminals.out(session);
    try (Stop stop = Stop.open(session);
        EventReader events = buffer.readers().iterate()) {
      do {
        EventLines lines = EventLines.of(buffer, style);
        while (most > 0 && !stop.isAsked() && events.next()) {
          if (events.time() >= from && filter.isOfType(events)) {
            lines.print(events, out::println);
            most--;
          } else if (events.time() >= from) {
            EventLines.printLoss(events, out::println);
          }
        }
      } while (most > 0 && !buffer.isClosed() && !out.checkError() && !stop.within(POLL));
    } catch (InterruptedException e) {
      // the user has had enough
    }
  }
}
