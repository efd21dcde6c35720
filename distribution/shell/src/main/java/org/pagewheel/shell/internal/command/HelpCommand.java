package org.pagewheel.shell.internal.command;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.apache.felix.service.command.Process;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.pagewheel.shell.internal.print.Lines;
import org.pagewheel.shell.internal.print.Table;
import org.pagewheel.shell.internal.print.WrongInput;
import org.pagewheel.shell.internal.terminal.Complaints;

/** The command help: what there is, and how one of them is used. */
public final class HelpCommand {
  /** The functions of this class, for Gogo. */
  public static final String[] FUNCTIONS = {"help"};

  private static final String RING = "ring:";

  /** What follows the words of a usage in a descriptor of ours. */
  private static final String EXPLAINED = ": ";

  /** The commands of this bundle by name, with what they do. */
  private final Map<String, String> known = new TreeMap<>();

  private final BundleContext context;

  public HelpCommand(BundleContext context) {
    this.context = context;
  }

  /** A line of {@code help}. */
  record Line(String command, String what) {}

  /** Adds the commands of an object. */
  public void add(Object commands, String... functions) {
    for (String function : functions) {
      Stream.of(commands.getClass().getMethods())
          .filter(method -> method.getName().equals(function))
          .map((Method method) -> method.getAnnotation(Descriptor.class))
          .filter(descriptor -> descriptor != null)
          .findFirst()
          .ifPresent(descriptor -> known.put(RING + function, descriptor.value()));
    }
  }

  /**
   * Lists the commands, or explains one.
   *
   * @param session knows all commands
   * @param arguments perhaps a command
   * @return what there is
   * @throws Exception if the command cannot be explained
   */
  @Descriptor("list the commands, or explain one")
  public Object help(
      CommandSession session, @Descriptor("[COMMAND]: such as ring:list") String... arguments)
      throws Exception {
    List<String> plain = Arguments.plain("help [COMMAND]", 0, 1, arguments);
    Collection<?> all = (Collection<?>) session.get(".commands");
    List<String> names = all.stream().map(String::valueOf).sorted().toList();
    if (plain.isEmpty()) {
      List<Line> lines = new ArrayList<>();
      known.forEach((name, what) -> lines.add(new Line(name, what)));
      names.stream()
          .filter(name -> name.startsWith(RING) && !known.containsKey(name))
          .forEach(name -> lines.add(new Line(name, "")));
      lines.add(new Line("gogo: felix:", "commands of the shell and of the framework; TAB lists"));
      return new Table<>(Line.class, "no commands", lines);
    }
    String name = plain.getFirst();
    String end = ":" + name;
    String found =
        names.contains(name)
            ? name
            : names.stream()
                .filter(each -> each.equals(RING + name))
                .findFirst()
                .or(() -> names.stream().filter(each -> each.endsWith(end)).findFirst())
                .orElseThrow(() -> new WrongInput(Complaints.line(notFound(name), names)));
    return new Lines(explained(found));
  }

  private static Exception notFound(String name) {
    return new IllegalArgumentException(Complaints.NOT_FOUND + name);
  }

  /** What a command does, and for each way to call it the words and what they mean. */
  private List<String> explained(String command) throws InvalidSyntaxException {
    String function = command.substring(command.indexOf(':') + 1);
    List<String> lines = new ArrayList<>();
    for (Method method : methods(command, function)) {
      Descriptor descriptor = method.getAnnotation(Descriptor.class);
      if (lines.isEmpty()) {
        lines.add(command + (descriptor == null ? "" : " - " + descriptor.value()));
      }
      usage(command, method, lines);
    }
    return lines.isEmpty()
        ? List.of(command + " - of another bundle; " + function + " --help may explain it")
        : lines;
  }

  private List<Method> methods(String command, String function) throws InvalidSyntaxException {
    String scope = command.substring(0, Math.max(0, command.indexOf(':')));
    String filter =
        "(&(osgi.command.scope=%s)(osgi.command.function=%s))".formatted(scope, function);
    ServiceReference<?>[] found = context.getAllServiceReferences(null, filter);
    Object service =
        found == null
            ? null
            : Arrays.stream(found)
                .max(Comparator.naturalOrder())
                .map(each -> (Object) context.getService(each))
                .orElse(null);
    return service == null
        ? List.of()
        : Stream.of(service.getClass().getMethods())
            .filter(method -> !method.isBridge() && isCalled(method.getName(), function))
            .sorted(Comparator.comparing(Method::getParameterCount))
            .toList();
  }

  /** A function whose name is a word of Java's has a method with a _ before it. */
  private static boolean isCalled(String method, String function) {
    return method.equalsIgnoreCase(function) || method.equalsIgnoreCase("_" + function);
  }

  private static void usage(String command, Method method, List<String> lines) {
    StringBuilder words = new StringBuilder("usage: ").append(command);
    List<String> meanings = new ArrayList<>();
    for (var parameter : method.getParameters()) {
      Class<?> type = parameter.getType();
      Descriptor descriptor = parameter.getAnnotation(Descriptor.class);
      Parameter option = parameter.getAnnotation(Parameter.class);
      String text = descriptor == null ? "" : descriptor.value();
      if (option != null) {
        boolean flag = !Parameter.UNSPECIFIED.equals(option.presentValue());
        String name = String.join("|", option.names()) + (flag ? "" : " " + word(type));
        words.append(" [").append(name).append(']');
        meanings.add(name + EXPLAINED + text);
      } else if (type == String[].class && isUsage(text)) {
        int end = text.indexOf(EXPLAINED);
        words.append(' ').append(end < 0 ? text : text.substring(0, end));
        meanings.add(end < 0 ? "" : text.substring(end + EXPLAINED.length()));
      } else if (type != CommandSession.class && type != Process.class) {
        words.append(text.equals("no arguments") ? "" : " " + word(type));
        meanings.add(
            descriptor == null || type == String[].class && text.equals("no arguments")
                ? ""
                : word(type) + EXPLAINED + text);
      }
    }
    lines.add(words.toString());
    meanings.stream().filter(each -> !each.isBlank()).forEach(each -> lines.add("  " + each));
  }

  /** Descriptors of ours begin with the words to write, such as BUFFER or [-n TIMES]. */
  private static boolean isUsage(String text) {
    return text.matches("(?s)[\\[\\p{Upper}-].*") && !text.matches("(?s)\\p{Upper}\\p{Lower}.*");
  }

  private static String word(Class<?> type) {
    if (type.isArray()) {
      return word(type.componentType()) + "...";
    }
    return switch (type.getSimpleName()) {
      case "String", "CharSequence", "Object" -> "WORD";
      case "int", "long", "Integer", "Long", "double" -> "N";
      case "boolean", "Boolean" -> "true|false";
      default -> type.getSimpleName().toUpperCase(Locale.ROOT);
    };
  }
}
