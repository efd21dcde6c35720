package org.pagewheel.shell.internal.command;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventState;
import org.pagewheel.runtime.ConsumerStatus;
import org.pagewheel.runtime.Setting;
import org.pagewheel.shell.internal.print.WrongInput;

/**
 * What can stand next on a command line of scope {@code ring}: names of buffers, backends,
 * consumers, events and so on, as they are at that moment. The shell's profile asks for it when the
 * user presses the tabulator key.
 */
public final class Completion {
  /** Not {@code ring}, for it is nothing that a user types. */
  public static final String SCOPE = "ring-completion";

  /** The functions of this class, for Gogo. */
  public static final String[] FUNCTIONS = {"candidates", "commands"};

  private static final String LINE = ".commandLine";
  private static final String FILES = "__files";

  /** What an argument of a command is. The last kind of a command stands for all that follow. */
  private enum Kind {
    COMMAND,
    BUFFER,
    BACKEND,
    TYPE,
    CONSUMER,
    EVENT,
    MODE,
    CLOCK,
    PAGE_SIZE,
    ACTION,
    KEY,
    BUFFER_SETTING,
    BACKEND_SETTING,
    CONSUMER_SETTING,
    FILE,
    NEW
  }

  private static final Map<String, List<Kind>> COMMANDS =
      Map.ofEntries(
          Map.entry("list", List.of()),
          Map.entry("backends", List.of()),
          Map.entry("consumers", List.of()),
          Map.entry("sources", List.of()),
          Map.entry("reload", List.of()),
          Map.entry("help", List.of(Kind.COMMAND, Kind.NEW)),
          Map.entry("show", List.of(Kind.BUFFER, Kind.NEW)),
          Map.entry("create", List.of(Kind.NEW, Kind.BUFFER_SETTING)),
          Map.entry("destroy", List.of(Kind.BUFFER)),
          Map.entry("on", List.of(Kind.BUFFER)),
          Map.entry("off", List.of(Kind.BUFFER)),
          Map.entry("cpus", List.of(Kind.BUFFER, Kind.NEW)),
          Map.entry("clear", List.of(Kind.BUFFER)),
          Map.entry("mark", List.of(Kind.BUFFER, Kind.NEW)),
          Map.entry("swap", List.of(Kind.BUFFER, Kind.BACKEND, Kind.BACKEND_SETTING)),
          Map.entry("resize", List.of(Kind.BUFFER, Kind.NEW)),
          Map.entry("page-size", List.of(Kind.BUFFER, Kind.PAGE_SIZE, Kind.NEW)),
          Map.entry("mode", List.of(Kind.BUFFER, Kind.MODE, Kind.NEW)),
          Map.entry("clock", List.of(Kind.BUFFER, Kind.CLOCK, Kind.NEW)),
          Map.entry("snapshot", List.of(Kind.BUFFER)),
          Map.entry("save", List.of(Kind.FILE, Kind.BUFFER)),
          Map.entry("cat", List.of(Kind.BUFFER, Kind.EVENT)),
          Map.entry("tail", List.of(Kind.BUFFER, Kind.EVENT)),
          Map.entry("top", List.of(Kind.BUFFER)),
          Map.entry("stats", List.of(Kind.BUFFER, Kind.NEW)),
          Map.entry("events", List.of(Kind.BUFFER, Kind.NEW)),
          Map.entry("enable", List.of(Kind.BUFFER, Kind.EVENT)),
          Map.entry("disable", List.of(Kind.BUFFER, Kind.EVENT)),
          Map.entry("trigger", List.of(Kind.BUFFER, Kind.EVENT, Kind.ACTION, Kind.NEW)),
          Map.entry("attach", List.of(Kind.BUFFER, Kind.TYPE, Kind.CONSUMER_SETTING)),
          Map.entry("detach", List.of(Kind.BUFFER, Kind.CONSUMER, Kind.NEW)),
          Map.entry("config", List.of(Kind.KEY, Kind.NEW)),
          Map.entry("recover", List.of(Kind.FILE)),
          Map.entry("follow", List.of(Kind.FILE, Kind.NEW)),
          Map.entry("replay", List.of(Kind.FILE)),
          Map.entry("demo", List.of(Kind.FILE)));

  private final Services services;

  public Completion(Services services) {
    this.services = services;
  }

  /**
   * The commands that can be completed.
   *
   * @return names without a scope
   */
  @Descriptor("the commands whose arguments can be completed")
  public List<String> commands() {
    return COMMANDS.keySet().stream().sorted().toList();
  }

  /**
   * What can stand where the cursor is; the shell picks those that begin as what stands there.
   *
   * @param session with the line that is being typed
   * @return names, or what the shell makes of files
   * @throws Exception if the session has no such line
   */
  @Descriptor("what can stand where the cursor is; for the shell")
  public Collection<?> candidates(CommandSession session) throws Exception {
    Object line = session.get(LINE);
    List<?> words = (List<?>) call(line, "words");
    int index = (Integer) call(line, "wordIndex");
    String command = String.valueOf(words.getFirst());
    command = command.substring(command.indexOf(':') + 1);
    List<Kind> kinds = COMMANDS.getOrDefault(command, List.of());
    if (index < 1 || kinds.isEmpty()) {
      return List.of();
    }
    Kind kind = kinds.get(Math.min(index, kinds.size()) - 1);
    if (kind == Kind.FILE) {
      return (Collection<?>) session.execute(FILES);
    }
    if (kind == Kind.COMMAND) {
      String typed = word(words, index); // others' only where they are begun: there are very many
      return ((Collection<?>) session.get(".commands"))
          .stream()
              .map(String::valueOf)
              .filter(
                  name -> name.startsWith("ring:") || (!typed.isEmpty() && name.startsWith(typed)))
              .toList();
    }
    return candidates(kind, word(words, 1), word(words, 2));
  }

  private static String word(List<?> words, int index) {
    return words.size() > index ? String.valueOf(words.get(index)) : "";
  }

  private List<String> candidates(Kind kind, String first, String second) {
    return switch (kind) {
      case BUFFER -> buffers();
      case BACKEND -> services.administration().backends();
      case TYPE -> services.administration().consumerTypes();
      case CONSUMER ->
          services.administration().consumers().stream()
              .filter(consumer -> consumer.buffer().equals(first))
              .map(ConsumerStatus::name)
              .toList();
      case EVENT -> events(first);
      case MODE -> List.of("overwrite", "discard");
      case CLOCK -> services.administration().clocks();
      case PAGE_SIZE -> List.of("4KiB", "8KiB", "16KiB", "32KiB", "64KiB", "256KiB", "1MiB");
      case ACTION -> List.of("traceoff", "snapshot");
      case KEY -> services.administration().settings().stream().map(Setting::key).toList();
      case BUFFER_SETTING -> bufferSettings();
      case BACKEND_SETTING -> keys(services.administration().backendSettings(second));
      case CONSUMER_SETTING -> {
        List<String> keys = keys(services.administration().consumerSettings(second));
        keys.addAll(List.of("name=", "queue=", "policy=", "block-timeout="));
        yield keys;
      }
      case COMMAND, FILE, NEW -> List.of();
    };
  }

  private static List<String> keys(Map<String, String> settings) {
    return settings.keySet().stream()
        .map(key -> key + "=")
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private List<String> buffers() {
    return services.buffers().list().stream().map(Buffer::name).toList();
  }

  /** The events by name, and a pattern for each system. */
  private List<String> events(String buffer) {
    List<EventState> known =
        services.buffers().find(buffer).map(found -> found.events().list()).orElse(List.of());
    List<String> names = new ArrayList<>();
    known.stream().map(event -> event.system() + ":*").distinct().forEach(names::add);
    known.forEach(event -> names.add(event.system() + ":" + event.name()));
    return names;
  }

  private List<String> bufferSettings() {
    List<String> settings = new ArrayList<>();
    Function<String, Function<String, String>> key = name -> value -> name + "=" + value;
    services.administration().backends().stream().map(key.apply("backend")).forEach(settings::add);
    services.administration().clocks().stream().map(key.apply("clock")).forEach(settings::add);
    settings.addAll(List.of("mode=overwrite", "mode=discard", "pages=", "page-size=", "cpus="));
    return settings;
  }

  /** The line is an object of JLine's, which this bundle need not have. */
  private static Object call(Object line, String name) throws ReflectiveOperationException {
    if (line == null) {
      throw new WrongInput("no line is being typed");
    }
    Method method = line.getClass().getMethod(name);
    method.setAccessible(true); // the class may be private to its package
    return method.invoke(line);
  }
}
