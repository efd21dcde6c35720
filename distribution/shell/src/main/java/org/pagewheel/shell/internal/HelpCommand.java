package org.pagewheel.shell.internal;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;

/** The command help: what there is, and how one of them is used. */
public final class HelpCommand {
  /** The functions of this class, for Gogo. */
  static final String[] FUNCTIONS = {"help"};

  private static final String RING = "ring:";

  /** The commands of this bundle by name, with what they do. */
  private final Map<String, String> known = new TreeMap<>();

  /** A line of {@code help}. */
  record Line(String command, String what) {}

  /** Adds the commands of an object. */
  void add(Object commands, String... functions) {
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
      return new Table<>(Line.class, lines);
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
    return session.execute("felix:help '" + found + "'");
  }

  private static Exception notFound(String name) {
    return new IllegalArgumentException(Complaints.NOT_FOUND + name);
  }
}
