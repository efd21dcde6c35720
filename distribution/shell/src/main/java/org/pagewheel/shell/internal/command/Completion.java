package org.pagewheel.shell.internal.command;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventState;
import org.pagewheel.runtime.ConsumerStatus;
import org.pagewheel.runtime.Setting;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.WrongInput;

/**
 * What can come next on a command line of scope {@code ring}: names of buffers, backends,
 * consumers, events and so on, as of that moment. The shell's profile calls it when the user
 * presses the tab key.
 */
public final class Completion {
  /** Not {@code ring}, for a user does not type it. */
  public static final String SCOPE = "ring-completion";

  /** The functions of this class, for Gogo. */
  public static final String[] FUNCTIONS = {"candidates", "commands"};

  private static final String LINE = ".commandLine";
  private static final String FILES = "__files";

  private final Services services;
  private final Map<String, Command> known = new TreeMap<>();

  public Completion(Services services) {
    this.services = services;
  }

  /** Adds what can be completed. */
  public void add(List<Command> commands) {
    commands.stream()
        .filter(command -> command.scope().equals("ring"))
        .forEach(command -> known.put(command.name(), command));
  }

  /**
   * The commands that can be completed.
   *
   * @return names without a scope
   */
  @Descriptor("the commands whose arguments can be completed")
  public List<String> commands() {
    return List.copyOf(known.keySet());
  }

  /**
   * What can be at the cursor; the shell picks those that begin with the text there.
   *
   * @param session with the line that is being typed
   * @return names, or the shell's completion of files
   * @throws Exception if the session has no such line
   */
  @Descriptor("what can be at the cursor; for the shell")
  public Collection<?> candidates(CommandSession session) throws Exception {
    Object line = session.get(LINE);
    return after(session, (List<?>) call(line, "words"), (Integer) call(line, "wordIndex"));
  }

  /**
   * The same for a line typed elsewhere.
   *
   * @param session in which it is to be run
   * @param words of the line
   * @param index of the word at the cursor
   * @return names, or the shell's completion of files
   * @throws Exception if the session knows no files
   */
  public Collection<?> after(CommandSession session, List<?> words, int index) throws Exception {
    String name = String.valueOf(words.getFirst());
    Command command = known.get(name.substring(name.indexOf(':') + 1));
    if (index < 1 || command == null) {
      return List.of();
    }
    Kind kind = command.kind(index, word(words, index - 1));
    if (kind == Kind.FILE) {
      return (Collection<?>) session.execute(FILES);
    }
    if (kind == Kind.COMMAND) {
      String typed = word(words, index); // other bundles' only once begun: there are very many
      return ((Collection<?>) session.get(".commands"))
          .stream()
              .map(String::valueOf)
              .filter(
                  each -> each.startsWith("ring:") || (!typed.isEmpty() && each.startsWith(typed)))
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
      case ACTION -> List.of("traceoff", "snapshot", "keep", "log", "stacktrace");
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
