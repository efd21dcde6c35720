package org.pagewheel.shell.internal.command;

import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pagewheel.Buffer;
import org.pagewheel.runtime.ConsumerStatus;
import org.pagewheel.runtime.Setting;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.Table;
import org.pagewheel.spi.Nearest;

/** Commands on what plugs into buffers: backends, consumers, sources, attach, detach, config. */
public final class PluginCommands {
  private static final String BUFFER = "BUFFER";

  private final Services services;

  public PluginCommands(Services services) {
    this.services = services;
  }

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        Command.named("backends", "list the backends, and the buffers whose rings they have made")
            .example("backends", "those of plugins, too")
            .runs(this::backends),
        Command.named(
                "consumers",
                "list the consumers: what they have taken, missed, and what is wrong with them")
            .example("consumers", "a line for each")
            .runs(this::consumers),
        Command.named("sources", "list the sources of events")
            .example("sources", "which of them run")
            .runs(this::sources),
        Command.named("attach", "attach a consumer to a buffer, while events flow")
            .word(BUFFER, Kind.BUFFER)
            .word("TYPE", Kind.TYPE)
            .setting("name", "N")
            .settings(Kind.CONSUMER_SETTING)
            .means("the type, such as splice; its settings")
            .example("attach main splice dir=/var/tmp", "rotating trace.dat files")
            .fails("it could not start; nothing has changed")
            .runs(this::attach),
        Command.named(
                "detach", "detach a consumer from a buffer, once it has taken what waits for it")
            .word(BUFFER, Kind.BUFFER)
            .word("CONSUMER", Kind.CONSUMER)
            .example("detach main splice", "its files stay")
            .runs(this::detach),
        Command.named(
                "config", "print the effective configuration, and where each value comes from")
            .optional("TEXT", Kind.KEY)
            .means("only keys that contain it")
            .example("config snapshots", "where triggered snapshots go")
            .runs(this::config));
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

  /** A line of {@code backends}. */
  record BackendLine(String backend, String buffers) {}

  private Table<?> backends(Call call) {
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

  private Table<?> consumers(Call call) {
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

  private Table<?> sources(Call call) {
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

  private String attach(Call call) throws IOException {
    List<String> plain = call.plain();
    Map<String, String> values = new HashMap<>(call.settings());
    String given = values.remove("name");
    String name = given == null ? plain.get(1) : given;
    List<String> types = services.administration().consumerTypes();
    if (!types.contains(plain.get(1))) {
      throw call.wrong(
          "there is no consumer type " + plain.get(1) + ", " + Nearest.hint(plain.get(1), types));
    }
    values.put("type", plain.get(1));
    File directory = values.containsKey("dir") ? new File(values.get("dir")) : null;
    boolean isNew = directory != null && !directory.exists();
    services.administration().attach(plain.get(0), name, values);
    String made = isNew && directory.isDirectory() ? "; made the directory " + directory : "";
    return "consumer " + name + " of buffer " + plain.get(0) + " takes pages" + made;
  }

  private Object detach(Call call) {
    services.administration().detach(call.word(0), call.word(1));
    return null;
  }

  private Table<?> config(Call call) {
    String part = call.plain().isEmpty() ? "" : call.word(0);
    return new Table<>(
        Setting.class,
        "no key of the configuration contains that; ring:config lists all",
        services.administration().settings().stream()
            .filter(setting -> setting.key().contains(part))
            .toList());
  }
}
