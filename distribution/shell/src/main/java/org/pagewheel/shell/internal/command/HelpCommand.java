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
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.HelpPage;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.Lines;
import org.pagewheel.shell.internal.print.Table;
import org.pagewheel.shell.internal.print.WrongInput;
import org.pagewheel.shell.internal.terminal.Complaints;

/** The command help: the list of commands, and the usage of one. */
public final class HelpCommand {
  private static final String RING = "ring:";

  private static final String EXPLAINED = ": ";

  /** The commands of this bundle by their whole name. */
  private final Map<String, Command> known = new TreeMap<>();

  private final BundleContext context;

  /**
   * Makes it.
   *
   * @param context knows the commands of other bundles
   */
  public HelpCommand(BundleContext context) {
    this.context = context;
  }

  /** A line of {@code help}. */
  record Line(String command, String what) {}

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        Command.named("help", "list the commands, or explain one")
            .optional("COMMAND", Kind.COMMAND)
            .means("such as ring:list")
            .example("help ring:trigger", "its words, options, examples and exit codes")
            .runs(this::help));
  }

  /** Adds what this bundle has. */
  public void add(List<Command> commands) {
    commands.forEach(command -> known.put(command.scope() + ":" + command.name(), command));
  }

  private Object help(Call call) throws Exception {
    List<String> plain = call.plain();
    Collection<?> all = (Collection<?>) call.session().get(".commands");
    List<String> names = all.stream().map(String::valueOf).sorted().toList();
    if (plain.isEmpty()) {
      List<Line> lines = new ArrayList<>();
      known.forEach(
          (name, command) -> {
            if (name.startsWith(RING)) {
              lines.add(new Line(name, command.what()));
            }
          });
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
                .or(() -> known.keySet().stream().filter(each -> each.endsWith(end)).findFirst())
                .or(() -> names.stream().filter(each -> each.endsWith(end)).findFirst())
                .orElseThrow(() -> new WrongInput(Complaints.line(notFound(name), names)));
    Command own = known.get(found);
    return new Lines(own == null ? explained(found) : HelpPage.of(own));
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

  /** A function whose name is a Java keyword has a method with a leading _. */
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
      } else if (type != CommandSession.class && type != Process.class) {
        words.append(' ').append(word(type));
        meanings.add(descriptor == null ? "" : word(type) + EXPLAINED + text);
      }
    }
    lines.add(words.toString());
    meanings.stream().filter(each -> !each.isBlank()).forEach(each -> lines.add("  " + each));
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
