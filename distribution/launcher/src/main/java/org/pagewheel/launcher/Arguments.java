package org.pagewheel.launcher;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A parsed command line.
 *
 * @param mode what to do
 * @param properties the {@code -Dkey=value} pairs, in the order given
 * @param words the commands' text for {@link Mode#COMMANDS}; the subcommand's name and its own
 *     arguments for {@link Mode#SUBCOMMAND}; else empty
 */
record Arguments(Mode mode, Map<String, String> properties, List<String> words) {
  static final String HELP =
      """
      usage: pagewheel [-Dkey=value]...                         open the shell
             pagewheel [-Dkey=value]... -c "COMMANDS"           run shell commands and exit
             pagewheel [-Dkey=value]... COMMAND [ARGUMENT]...   run one command of scope ring
             pagewheel [-Dkey=value]... run                     record until SIGTERM, no shell

      commands:
        demo [-n ORDERS] [-o OUT.dat]
                                   record a workload, draw the ring, save and show a trace
        replay IN.dat -o OUT.dat   feed a kernel trace through a ring and write it out again
        recover FILE -o OUT.dat    make a trace from the ring file of a dead process
        follow FILE                print the events of a living process's ring file as they come
        summary FILE...            what is in a trace: times, threads, types, rates and losses
        query FILE... [CONDITION]  its events by condition, thread and time: text, CSV, JSON lines
        latency FILE SPAN          how long spans take; or from one event to another, by a
        latency FILE FIRST SECOND  key
        hist, rate, diff           how often values and events come, and what has changed
        merge FILE... -o OUT.dat   one trace of several, as the kernel's and ours
        doctor [PID]               what keeps it from recording, and what to do
        attach PID [FILE]          record in a running JVM, optionally with a configuration
        record --kernel sched,irq [--pid PID | -- COMMAND...]
                                   the kernel's events with those of a process, in one trace
        ps                         your processes that record, with their buffers and rates
        ctl PID 'ring:COMMAND'     run a command in one of them, as ring:snapshot main
        shell PID                  a shell in it
        list, show, stats, ...     all commands of the shell; an unknown word lists them

      run keeps its ring in $XDG_STATE_HOME/pagewheel/main.ring (else ~/.local/state/pagewheel), so
      that nothing is lost by a kill, and reports to NOTIFY_SOCKET when it is ready.

      options:
        -Dkey=value    override a configuration key, anywhere among the arguments:
                       pagewheel.buffers.main.backend, .mode, .pages, .page-size, .clock, .file
        -c COMMANDS    shell commands, separated by ";"
        --help, -h     this text
        --version      the version

      Without a terminal on standard input the shell reads its commands from there, line by line.
      Exit status: 0 success, 1 a command failed, 2 wrong arguments; 143 after SIGTERM.
      PAGEWHEEL_JAVA names the Java to run on, PAGEWHEEL_OPTS holds further options for its JVM.\
      """;

  /** Named here too, for nothing of the shell is loaded before the command is known. */
  private static final Set<String> ABOUT_OTHERS = Set.of("ps", "ctl", "shell", "record");

  /** So do these, if a process number comes first, as their help states. */
  private static final Set<String> WITH_PID = Set.of("attach", "doctor");

  enum Mode {
    SHELL,
    COMMANDS,
    SUBCOMMAND,
    RUN,
    HELP,
    VERSION
  }

  /** Whether it runs until it is ended, or long enough to be looked at meanwhile. */
  boolean isLong() {
    return mode != Mode.SUBCOMMAND || words.getFirst().equals("demo");
  }

  /** Whether it is a command that works on other processes and needs no container for that. */
  boolean isAboutOthers() {
    if (mode != Mode.SUBCOMMAND) {
      return false;
    }
    boolean hasPid = words.size() > 1 && words.get(1).matches("\\d+|--help|-h");
    return ABOUT_OTHERS.contains(words.getFirst()) || hasPid && WITH_PID.contains(words.getFirst());
  }

  /** The command line, as one line. */
  String command() {
    String what = mode == Mode.RUN ? "run" : mode == Mode.COMMANDS ? "-c" : "";
    return ("pagewheel " + what + " " + String.join(" ", words)).strip().replaceAll(" +", " ");
  }

  static Arguments parse(String... args) throws UsageException {
    Map<String, String> properties = new LinkedHashMap<>();
    List<String> rest = new ArrayList<>();
    boolean isOthers = false;
    for (int i = 0; i < args.length; i++) {
      boolean isProgram = rest.size() == 1 && rest.getFirst().equals("-c");
      isOthers |= args[i].equals("--"); // a program's own words follow
      if (args[i].startsWith("-D") && !isProgram && !isOthers) {
        addProperty(args[i], properties);
      } else {
        rest.add(args[i]);
      }
    }
    return parse(properties, rest);
  }

  private static Arguments parse(Map<String, String> properties, List<String> rest)
      throws UsageException {
    if (rest.isEmpty()) {
      return new Arguments(Mode.SHELL, properties, List.of());
    }
    String first = rest.getFirst();
    List<String> others = List.copyOf(rest.subList(1, rest.size()));
    return switch (first) {
      case "-c" -> commands(properties, others);
      case "--help", "-h" ->
          others.size() == 1
              ? new Arguments(Mode.SUBCOMMAND, properties, List.of("help", others.getFirst()))
              : alone(Mode.HELP, first, properties, others);
      case "run" ->
          others.equals(List.of("--help")) || others.equals(List.of("-h"))
              ? new Arguments(Mode.HELP, properties, List.of())
              : alone(Mode.RUN, first, properties, others);
      case "--version" -> alone(Mode.VERSION, first, properties, others);
      case "" -> throw new UsageException("an empty word is not a command; try: pagewheel --help");
      default -> {
        if (first.startsWith("-")) {
          throw new UsageException("unknown option " + first + "; try: pagewheel --help");
        }
        yield new Arguments(Mode.SUBCOMMAND, properties, List.copyOf(rest));
      }
    };
  }

  private static Arguments commands(Map<String, String> properties, List<String> words)
      throws UsageException {
    if (words.isEmpty() || words.getFirst().isBlank()) {
      throw new UsageException("-c needs commands, as in: pagewheel -c \"ring:list\"");
    }
    if (words.size() > 1) {
      throw new UsageException(
          "-c takes one argument, but '%s' follows it; put all commands in one pair of quotes"
              .formatted(words.get(1)));
    }
    return new Arguments(Mode.COMMANDS, properties, words);
  }

  private static Arguments alone(
      Mode mode, String option, Map<String, String> properties, List<String> others)
      throws UsageException {
    if (!others.isEmpty()) {
      throw new UsageException(
          "%s stands alone, but '%s' follows it".formatted(option, others.getFirst()));
    }
    return new Arguments(mode, properties, List.of());
  }

  private static void addProperty(String argument, Map<String, String> properties)
      throws UsageException {
    int equals = argument.indexOf('=');
    if (equals <= "-D".length()) {
      throw new UsageException(
          "'%s' is not of the form -Dkey=value, as in: -Dpagewheel.buffers.main.backend=heap"
              .formatted(argument));
    }
    properties.put(argument.substring("-D".length(), equals), argument.substring(equals + 1));
  }
}
