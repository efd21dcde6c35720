package org.pagewheel.shell.internal.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.pagewheel.probes.GraphOptions;
import org.pagewheel.probes.GraphStatus;
import org.pagewheel.probes.ProbeOptions;
import org.pagewheel.probes.ProbeStatus;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.Lines;
import org.pagewheel.shell.internal.print.Table;
import org.pagewheel.shell.internal.print.WrongInput;
import org.pagewheel.spi.Quantity;

/** Commands on running code: probe, probes, unprobe, graph, ungraph, stack. */
public final class TracingCommands {
  private static final String DEPTH = "--depth";
  private static final String LONGER = "--longer";
  private static final String THREAD = "--thread";
  private static final String FROM = "--from";
  private static final String RETURN = "--return";
  private static final String STACK = "--stack";
  private static final String AS = "--as";
  private static final String LIMIT = "--limit";
  private static final String NEEDS = "there is no agent here, or a method cannot be changed";

  private final Services services;

  public TracingCommands(Services services) {
    this.services = services;
  }

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        Command.named("probe", "record an event at each entry or return of a method")
            .word("BUFFER", Kind.BUFFER)
            .word("METHOD[(VALUE,...)]", Kind.NEW)
            .any("if FILTER", Kind.NEW)
            .means(
                "values are arguments and their fields by path, such as (id, order.symbol), this"
                    + " too; without parentheses all arguments that an event can hold; quote it"
                    + " all")
            .flag(RETURN, "at the return, with result, exception and duration")
            .option(LONGER, "TIME", Kind.NEW, "at the return of calls that last so long, 5ms")
            .flag(STACK, "with a stack")
            .option(AS, "NAME", Kind.NEW, "the event's name; otherwise that of class and method")
            .option(LIMIT, "N", Kind.NEW, "how many methods may be meant; 10000 otherwise")
            .example("probe main 'com.acme.Orders.place(id, symbol) if id > 7'", "as a kprobe")
            .example("probe main com.acme.Orders.place --longer 5ms --stack", "what is slow")
            .fails(NEEDS)
            .runs(this::probe),
        Command.named(
                "probes",
                "list probes and function graphs: where they are, how often met, and what a hit"
                    + " costs")
            .example("probes", "a line for each")
            .fails("there is no agent here")
            .runs(this::probes),
        Command.named("unprobe", "take a probe out again: the method is as it was")
            .word("EVENT", Kind.NEW)
            .means("its event, as ring:probes lists it")
            .example("unprobe orders_place", "no longer")
            .fails("there is no agent here")
            .runs(this::unprobe),
        Command.named(
                "graph", "record what methods call and how long each call lasts, as ftrace does")
            .word("BUFFER", Kind.BUFFER)
            .word("PATTERN", Kind.NEW)
            .means(
                "names such as com.acme.Orders.place, in which * stands for any characters but a"
                    + " dot and ** for any; com.acme.** is all of a package and those below")
            .option(DEPTH, "N", Kind.NEW, "no deeper than that")
            .option(LONGER, "TIME", Kind.NEW, "only calls that last so long, 10us")
            .option(THREAD, "NAME", Kind.NEW, "only on threads of that name, http-*")
            .option(FROM, "METHOD", Kind.NEW, "only what that method calls, and itself")
            .option(LIMIT, "N", Kind.NEW, "how many methods may be meant; 10000 otherwise")
            .example("graph main 'com.acme.**' --longer 10us", "what is slow, and what it called")
            .fails(NEEDS)
            .runs(this::graph),
        Command.named(
                "stack", "record the stack at each call of a method, or after each event of a type")
            .word("BUFFER", Kind.BUFFER)
            .word("PATTERN", Kind.EVENT)
            .means(
                "methods as ring:graph has them, which needs an agent, or event types such as"
                    + " shop:*, which does not")
            .example("stack main shop:order_filled", "as ring:trigger with stacktrace")
            .example("stack main com.acme.Orders.place", "as ring:probe with --stack")
            .fails(NEEDS)
            .runs(this::stack),
        Command.named("ungraph", "end the function graph of a buffer: the methods are as they were")
            .word("BUFFER", Kind.BUFFER)
            .example("ungraph main", "no longer")
            .fails("there is no agent here")
            .runs(this::ungraph));
  }

  private Lines stack(Call call) throws Exception {
    String buffer = call.word(0);
    String pattern = call.word(1);
    if (pattern.indexOf(':') >= 0) {
      services.administration().addTrigger(buffer, pattern + " stacktrace");
      List<String> lines = new ArrayList<>();
      lines.add("a stack after each " + pattern);
      services.administration().triggers().stream()
          .filter(each -> each.buffer().equals(buffer) && each.event().equals(pattern))
          .flatMap(each -> each.problem().stream())
          .forEach(lines::add);
      lines.add("ring:trigger %s %s '!stacktrace' ends it".formatted(buffer, pattern));
      return new Lines(lines);
    }
    ProbeOptions options = right(() -> ProbeOptions.of(pattern + "()").withStack());
    ProbeStatus status = services.probes().probe(buffer, options);
    List<String> more = new ArrayList<>(status.leftAlone());
    more.add("ring:unprobe " + status.event() + " ends it");
    return lines(
        "event %s with a stack%s"
            .formatted(status.event(), where(status.methods(), status.classes())),
        more);
  }

  /** A line of {@code probes}. */
  record ProbeLine(
      String event,
      String buffer,
      String pattern,
      int methods,
      int classes,
      long hits,
      String cost,
      String state) {}

  private Lines probe(Call call) throws Exception {
    List<String> words = call.plain();
    ProbeOptions options =
        right(() -> options(call, String.join(" ", words.subList(1, words.size()))));
    ProbeStatus status = services.probes().probe(words.getFirst(), options);
    return lines(
        "event " + status.event() + where(status.methods(), status.classes()), status.leftAlone());
  }

  private static ProbeOptions options(Call call, String text) {
    ProbeOptions options = ProbeOptions.of(text);
    options = call.has(RETURN) ? options.withReturn() : options;
    options = call.value(LONGER) == null ? options : options.withLonger(time(call));
    options = call.has(STACK) ? options.withStack() : options;
    options = call.value(AS) == null ? options : options.withName(call.value(AS));
    return options.withLimit(call.number(LIMIT, options.limit()));
  }

  private static Duration time(Call call) {
    return Duration.ofNanos(Quantity.nanos(LONGER, call.value(LONGER)));
  }

  private static String where(int methods, int classes) {
    return methods == 0
        ? " waits: no class that is loaded has such a method"
        : " at "
            + count(methods, "method")
            + " of "
            + count(classes, "class")
            + "; classes to come are added";
  }

  private static String count(int count, String what) {
    String plural = what.endsWith("s") ? "es" : "s";
    return count + " " + what + (count == 1 ? "" : plural);
  }

  private static Lines lines(String first, List<String> more) {
    return new Lines(Stream.concat(Stream.of(first), more.stream()).toList());
  }

  private Table<?> probes(Call call) throws Exception {
    List<ProbeLine> lines = new ArrayList<>();
    for (ProbeStatus status : services.probes().probes()) {
      lines.add(
          new ProbeLine(
              status.event(),
              status.buffer(),
              status.options().pattern(),
              status.methods(),
              status.classes(),
              status.hits(),
              cost(status.nanos(), status.hits()),
              state(status.turnedOff())));
    }
    for (GraphStatus status : services.probes().graphs()) {
      lines.add(
          new ProbeLine(
              "function graph",
              status.buffer(),
              status.options().pattern(),
              status.methods(),
              status.classes(),
              status.calls(),
              cost(status.nanos(), status.calls()),
              state(status.turnedOff())));
    }
    return new Table<>(
        ProbeLine.class,
        "no probes; ring:probe BUFFER METHOD makes one, ring:graph a graph",
        lines);
  }

  /** What a hit costs, with those that were none since they did not last. */
  private static String cost(long nanos, long hits) {
    return hits == 0 ? "" : "about " + nanos / hits + " ns";
  }

  private static String state(Optional<String> turnedOff) {
    return turnedOff.map(why -> "off: " + why).orElse("on");
  }

  private String unprobe(Call call) throws Exception {
    ProbeStatus status = services.probes().unprobe(call.word(0));
    return status.event() + " is no longer recorded, after " + count(status.hits());
  }

  private static String count(long hits) {
    return hits == 1 ? "1 hit" : hits + " hits";
  }

  private Lines graph(Call call) throws Exception {
    GraphOptions options = right(() -> graphOptions(call));
    GraphStatus status = services.probes().graph(call.word(0), options);
    return lines(
        "function graph of " + options.pattern() + where(status.methods(), status.classes()),
        status.leftAlone());
  }

  private static GraphOptions graphOptions(Call call) {
    GraphOptions options = GraphOptions.of(call.word(1));
    options = options.withDepth(call.number(DEPTH, options.depth()));
    options = call.value(LONGER) == null ? options : options.withLonger(time(call));
    options = call.value(THREAD) == null ? options : options.withThreads(call.value(THREAD));
    options = call.value(FROM) == null ? options : options.withFrom(call.value(FROM));
    return options.withLimit(call.number(LIMIT, options.limit()));
  }

  private String ungraph(Call call) throws Exception {
    GraphStatus status = services.probes().ungraph(call.word(0));
    return "buffer "
        + status.buffer()
        + " no longer records the calls of "
        + count(status.methods(), "method");
  }

  /** A wrong option is the user's mistake. */
  private static <T> T right(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException wrong) {
      throw wrong instanceof WrongInput known ? known : new WrongInput(wrong.getMessage(), wrong);
    }
  }
}
