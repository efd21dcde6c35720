package org.pagewheel.shell.internal.prompt;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.felix.gogo.jline.Expander;
import org.apache.felix.gogo.jline.Highlighter;
import org.apache.felix.gogo.jline.ParsedLineImpl;
import org.apache.felix.gogo.jline.Parser;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.gogo.runtime.CommandSessionImpl;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Job;
import org.apache.felix.service.command.Job.Status;
import org.apache.felix.service.threadio.ThreadIO;
import org.jline.builtins.Completers;
import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.Widget;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.InfoCmp.Capability;
import org.osgi.framework.BundleContext;
import org.pagewheel.shell.internal.terminal.PipeFailures;

/**
 * The shell on this process's terminal. Gogo's own prints exceptions as they are; this one puts
 * them into words, refuses lines that would make files by mistake, and prints output from elsewhere
 * above the line that is being typed.
 *
 * <p>Runs until the user or {@link #stop} ends it.
 */
public final class Prompt implements Runnable, Predicate<String> {
  private static final String PROFILE = "etc/gosh_profile";

  /** The words that end the shell. */
  private static final Set<String> ENDS = Set.of("exit", "quit", "logout", "bye", "q");

  /** What to try first, in two lines of at most 80 columns. */
  private static final String BANNER =
      """
      Buffer main records this container: ring:show main, ring:cat main 20, ring:top
      help lists the commands, the tab key completes them, exit leaves.\
      """;

  private final BundleContext context;
  private final CommandProcessor processor;
  private final ThreadIO threads;
  private final Shell shell;
  private final BiFunction<Throwable, Collection<String>, String> complaint;
  private final BiFunction<String, Collection<String>, String> refusal;
  private final UnaryOperator<String> expanded;
  private final BiFunction<Object, Integer, String> fitted;
  private final UnaryOperator<OutputStream> inWords;
  private final java.util.function.Function<Object, String> failure;
  private final UnaryOperator<String> printable;

  private volatile LineReader reader;
  private volatile Terminal terminal;
  private volatile Thread thread;
  private volatile boolean stopped;

  /** Whether the user has ended it. */
  private volatile boolean left;

  /**
   * Prepares one.
   *
   * @param context whose framework ends with the shell
   * @param processor makes the session
   * @param threads gets the session's streams
   * @param complaint turns an exception into one line
   * @param refusal gives the reason for not running a line, or null
   * @param expanded turns the typed line into the one to run
   * @param fitted formats a result for a number of columns, or null if they do not matter
   * @param inWords makes the stream that commands report errors on, before the terminal's
   * @param failure turns a result that is a failure into one line, or null
   * @param printable escapes control characters
   */
  public Prompt(
      BundleContext context,
      CommandProcessor processor,
      ThreadIO threads,
      BiFunction<Throwable, Collection<String>, String> complaint,
      BiFunction<String, Collection<String>, String> refusal,
      UnaryOperator<String> expanded,
      BiFunction<Object, Integer, String> fitted,
      UnaryOperator<OutputStream> inWords,
      java.util.function.Function<Object, String> failure,
      UnaryOperator<String> printable) {
    this.printable = printable;
    this.inWords = inWords;
    this.failure = failure;
    this.expanded = expanded;
    this.fitted = fitted;
    this.context = context;
    this.processor = processor;
    this.threads = threads;
    this.complaint = complaint;
    this.refusal = refusal;
    this.shell = new Shell(new Home(context), processor);
  }

  /** What Gogo's shell requires. */
  private record Home(BundleContext context) implements Shell.Context {
    @Override
    public String getProperty(String name) {
      return context.getProperty(name);
    }

    @Override
    public void exit() throws Exception {
      context.getBundle(0).stop();
    }
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    thread.setContextClassLoader(TerminalBuilder.class.getClassLoader());
    try (Terminal own =
        TerminalBuilder.builder()
            .name("pagewheel")
            .system(true)
            .nativeSignals(true)
            .signalHandler(Terminal.SignalHandler.SIG_IGN)
            .build()) {
      terminal = own;
      Hashtable<String, Object> properties = new Hashtable<>();
      properties.put(CommandProcessor.COMMAND_SCOPE, "gogo");
      properties.put(CommandProcessor.COMMAND_FUNCTION, new String[] {"sh", "source"});
      context.registerService(Shell.class, shell, properties);
      CommandSession session =
          processor.createSession(
              new NoInput(), new TerminalOutput(own), inWords.apply(new TerminalOutput(own)));
      PrintStream out = new PrintStream(new TerminalOutput(own), true, own.encoding());
      OutputStream errors = inWords.apply(new TerminalOutput(own));
      threads.setStreams(own.input(), out, new PrintStream(errors, true, own.encoding()));
      prepare(session, own);
      loop(session, own);
    } catch (Exception e) {
      if (!stopped) {
        System.err.println("pagewheel: the shell ended: " + complaint.apply(e, Set.of()));
      }
    } finally {
      threads.close();
      end();
    }
  }

  private void prepare(CommandSession session, Terminal own) throws Exception {
    session.put(Shell.VAR_TERMINAL, own);
    session.put(Shell.VAR_CONTEXT, context.getBundle(0).getBundleContext());
    session.put(Shell.VAR_PROCESSOR, processor);
    session.put(Shell.VAR_SESSION, session);
    session.put("#TERM", (Function) (s, arguments) -> own.getType());
    session.put("#COLUMNS", (Function) (s, arguments) -> own.getWidth());
    session.put("#LINES", (Function) (s, arguments) -> own.getHeight());
    session.put("#PWD", (Function) (s, arguments) -> s.currentDir().toString());
    session.put(LineReader.HISTORY_FILE, Path.of(System.getProperty("user.home"), ".gogo.history"));
    session.put(Shell.VAR_COMPLETIONS, new HashMap<String, Object>());
    session.put(CommandSession.OPTION_NO_GLOB, true); // osgi:* is a pattern of events, not of files
    reader =
        LineReaderBuilder.builder()
            .terminal(own)
            .variables(((CommandSessionImpl) session).getVariables())
            .completer(new Completers.Completer(new Environment(session)))
            .highlighter(new Highlighter(session))
            .parser(new Parser())
            .expander(new Expander(session))
            .build();
    reader.setOpt(LineReader.Option.AUTO_FRESH_LINE);
    keepKeysInOrder(own);
    session.put(Shell.VAR_READER, reader);
    Path profile = Path.of(String.valueOf(context.getProperty("pagewheel.home")), PROFILE);
    if (Files.exists(profile)) {
      session.execute(Files.readString(profile));
    }
    // After the profile, whose own commands stop the framework and let one more line be read.
    ENDS.forEach(word -> session.put(word, (Function) (s, arguments) -> leave()));
  }

  /**
   * While a line is typed, Ctrl-C is a key like any other. As a signal it comes on another thread,
   * after keys that were typed later, and discards them.
   */
  private void keepKeysInOrder(Terminal own) {
    reader
        .getWidgets()
        .put(
            LineReader.CALLBACK_INIT,
            () -> {
              Attributes attributes = own.getAttributes();
              attributes.setLocalFlag(Attributes.LocalFlag.ISIG, false);
              own.setAttributes(attributes);
              return true;
            });
    Widget giveUp =
        () -> {
          own.puts(Capability.clr_eos); // the candidates that may be listed below the line
          own.writer().println();
          throw new UserInterruptException(reader.getBuffer().toString());
        };
    Widget nothing = () -> true;
    for (String keys : List.of(LineReader.EMACS, LineReader.VIINS, LineReader.VICMD)) {
      KeyMap<Binding> map = reader.getKeyMaps().get(keys);
      map.bind(giveUp, KeyMap.ctrl('C'));
      map.bind(nothing, KeyMap.ctrl('Z'));
      map.bind(nothing, KeyMap.ctrl('\\'));
    }
  }

  private Object leave() {
    left = true;
    if (reader.isReading()) { // it was a command in the background
      thread.interrupt();
    }
    return null;
  }

  /** The commands that the user may have meant. */
  private static Collection<String> commands(CommandSession session) {
    Set<String> commands = new TreeSet<>(Shell.getCommands(session));
    commands.addAll(ENDS);
    return commands;
  }

  private void loop(CommandSession session, Terminal own) throws InterruptedException {
    print(own, BANNER);
    session.setJobListener((job, before, now) -> reportJob(session, own, job, before, now));
    own.handle(Terminal.Signal.INT, signal -> foreground(session, Job::interrupt));
    own.handle(Terminal.Signal.TSTP, signal -> foreground(session, Job::suspend));
    while (!stopped && !left) {
      try {
        String typed = read(session);
        if (!(reader.getParsedLine() instanceof ParsedLineImpl line)) {
          complain(own, complaint.apply(new EOFException(), commands(session)));
          continue;
        }
        execute(session, own, line, typed);
        while (session.foregroundJob() instanceof Job job) {
          synchronized (job) {
            if (job.status() == Status.Foreground) {
              job.wait();
            }
          }
        }
      } catch (UserInterruptException e) {
        // the line is given up
      } catch (EndOfFileException e) {
        break;
      } catch (RuntimeException e) { // of the reader: brackets that do not match
        complain(own, complaint.apply(e, commands(session)));
      }
    }
    try {
      reader.getHistory().save();
    } catch (IOException e) {
      // the next shell does not know these lines
    }
  }

  private String read(CommandSession session) {
    String prompt = Shell.getPrompt(session);
    return reader.readLine(prompt, Shell.getRPrompt(session), (Character) null, null);
  }

  private interface Action {
    void on(Job job);
  }

  private static void foreground(CommandSession session, Action action) {
    Job job = session.foregroundJob();
    if (job != null) {
      action.on(job);
    }
  }

  /** The line's own text is the statement's at the cursor, and the program's lacks redirections. */
  private void execute(CommandSession session, Terminal own, ParsedLineImpl line, String typed) {
    Collection<String> commands = commands(session);
    String refused = refusal.apply(typed, commands);
    if (refused != null) {
      complain(own, refused);
      return;
    }
    try {
      String run = expanded.apply(typed);
      Object result = session.execute(run.equals(typed) ? line.program() : run);
      session.put(Shell.VAR_RESULT, result);
      String failed = failure.apply(result);
      if (failed != null) {
        complain(own, failed);
      } else if (result != null && !Boolean.FALSE.equals(session.get(".Gogo.format"))) {
        String text = fitted.apply(result, own.getWidth());
        print(
            own,
            text == null
                ? printable.apply(session.format(result, Converter.INSPECT).toString())
                : text);
      }
    } catch (InterruptedException e) {
      if (!stopped) {
        complain(own, "interrupted");
      }
    } catch (Exception | LinkageError | StackOverflowError e) {
      session.put(Shell.VAR_EXCEPTION, e);
      complain(own, complaint.apply(e, commands));
    }
  }

  private void complain(Terminal own, String line) {
    AttributedStyle red = AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);
    var text = new AttributedStringBuilder().styled(red, printable.apply(line));
    LineReader current = reader;
    if (current != null && current.isReading()) { // of a job in the background
      current.printAbove(text.toAttributedString());
    } else {
      print(own, text.toAnsi(own));
    }
  }

  /** By the same path as all output of commands. */
  private static void print(Terminal own, String text) {
    PrintStream out = new PrintStream(new TerminalOutput(own), false, own.encoding());
    own.flush();
    out.println(text);
    out.flush();
  }

  private void reportJob(CommandSession session, Terminal own, Job job, Status before, Status now) {
    for (Throwable failure : PipeFailures.of(job, before)) {
      complain(own, complaint.apply(failure, commands(session)));
    }
    boolean reported =
        before == Status.Background
            || now == Status.Background
            || before == Status.Suspended
            || now == Status.Suspended;
    if (reported) {
      String line =
          "[" + job.id() + "]  " + now.name().toLowerCase(Locale.ROOT) + "  " + job.command();
      if (!test(line)) {
        print(own, printable.apply(line));
      }
    }
  }

  /** Prints a line above the one that is being typed; false if none is. */
  @Override
  public boolean test(String line) {
    LineReader current = reader;
    if (current == null || !current.isReading()) {
      return false;
    }
    current.printAbove(printable.apply(line));
    return true;
  }

  /** Ends it; its framework is stopping. */
  public void stop() {
    stopped = true;
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  private void end() {
    reader = null;
    if (!stopped) {
      try {
        context.getBundle(0).stop();
      } catch (Exception e) {
        // it is stopping already
      }
    }
  }

  /** Completes commands and their arguments. */
  private record Environment(CommandSession session) implements Completers.CompletionEnvironment {
    @Override
    @SuppressWarnings("unchecked")
    public Map<String, List<Completers.CompletionData>> getCompletions() {
      return (Map<String, List<Completers.CompletionData>>) session.get(Shell.VAR_COMPLETIONS);
    }

    @Override
    public Set<String> getCommands() {
      return Shell.getCommands(session);
    }

    @Override
    public String resolveCommand(String command) {
      // By the way the line will be run; Gogo's own completion has no candidates for help.
      Set<String> all = getCommands();
      String own = "ring:" + command;
      return all.contains(own) && !all.contains("gogo:" + command)
          ? own
          : Shell.resolve(session, command);
    }

    @Override
    public String commandName(String command) {
      return command.substring(command.indexOf(':') + 1);
    }

    @Override
    public Object evaluate(LineReader reader, ParsedLine line, String function) throws Exception {
      session.put(Shell.VAR_COMMAND_LINE, line);
      return session.execute(function);
    }
  }

  /**
   * The input of commands without a file or a pipe. If it were the keyboard, an interrupted command
   * would still wait for the next key, take it away from the line being typed, and leave the stream
   * closed for all later commands.
   */
  private static final class NoInput extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("nothing to read: name a file, or put a command and | before it");
    }
  }
}
