package org.pagewheel.launcher;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * A Gogo session without a terminal.
 *
 * <p>Gogo lives in bundles, which this class path does not see: hence reflection.
 */
final class Session implements AutoCloseable {
  static final String SCOPE = "ring:";
  private static final String FAILED = ".failed";
  private static final int INSPECT = 0;
  private static final Pattern COMMENT = Pattern.compile("(?:^|(?<=\\s))#.*");

  /**
   * The process's own streams, from before Gogo put its dispatcher by thread into {@link System}: a
   * session over the dispatcher would write to itself.
   */
  record Streams(InputStream in, PrintStream out, PrintStream err) {
    static Streams ofProcess() {
      return new Streams(System.in, System.out, System.err);
    }
  }

  /** For background jobs that are about to end, perhaps with a failure. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Duration POLL = Duration.ofMillis(5);

  private final Object session;
  private final Complaining errors;
  private final Class<?> sessionType;
  private final Class<?> jobType;
  private final Class<?> functionType;
  private final Class<?> parserType;

  /** Passes errors on, and notes whether there were any. */
  private static final class Complaining extends FilterOutputStream {
    private final AtomicBoolean written = new AtomicBoolean();

    Complaining(OutputStream errors) {
      super(errors);
    }

    @Override
    public void write(int b) throws IOException {
      written.set(true);
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      written.set(true);
      out.write(bytes, offset, length);
    }
  }

  private Session(Object session, Complaining errors, ClassLoader gogo)
      throws ReflectiveOperationException {
    this.session = session;
    this.errors = errors;
    this.sessionType = gogo.loadClass("org.apache.felix.service.command.CommandSession");
    this.jobType = gogo.loadClass("org.apache.felix.service.command.Job");
    this.functionType = gogo.loadClass("org.apache.felix.service.command.Function");
    this.parserType = gogo.loadClass("org.apache.felix.gogo.runtime.Parser");
  }

  static Session open(BundleContext context, Bundle jline, Streams streams)
      throws ReflectiveOperationException {
    Object processor = GeneralCommands.processor(context);
    ClassLoader gogo = processor.getClass().getClassLoader();
    Class<?> processorType = gogo.loadClass(GeneralCommands.PROCESSOR);
    var errors = new Complaining(streams.err());
    Object session =
        processorType
            .getMethod("createSession", InputStream.class, OutputStream.class, OutputStream.class)
            .invoke(processor, streams.in(), streams.out(), new PrintStream(errors, true));
    var opened = new Session(session, errors, gogo);
    opened.put("SCOPE", "gogo:ring:*"); // so that cat and tail are the familiar ones
    opened.put("gogo.option.noglob", true); // osgi:* is a pattern of events, not of files
    opened.put(".context", context);
    opened.put(".terminal", terminal(jline));
    return opened;
  }

  /** Some general commands ask the terminal for its width and colours: this one has neither. */
  private static Object terminal(Bundle jline) throws ReflectiveOperationException {
    return jline
        .loadClass("org.jline.terminal.impl.DumbTerminal")
        .getConstructor(InputStream.class, OutputStream.class)
        .newInstance(InputStream.nullInputStream(), OutputStream.nullOutputStream());
  }

  private void put(String name, Object value) throws ReflectiveOperationException {
    sessionType.getMethod("put", String.class, Object.class).invoke(session, name, value);
  }

  private Object get(String name) throws ReflectiveOperationException {
    return sessionType.getMethod("get", String.class).invoke(session, name);
  }

  /** Sets who gets failures in pipes that do not make a statement fail. */
  void watch(ShellServices shell, Consumer<Throwable> destination) {
    shell.watch(session, destination);
  }

  /** Whether a command has written an error since the last call. */
  boolean hasComplained() {
    return errors.written.getAndSet(false);
  }

  /** Gives background jobs a moment to end, so that their failures are seen. */
  void awaitJobs() throws Exception {
    var jobs = (List<?>) invoke(sessionType.getMethod("jobs"), session);
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (Object job : List.copyOf(jobs)) {
      // A job's lock is held until its failure has been passed on.
      var status = jobType.getMethod("status");
      while (!invoke(status, job).toString().equals("Done") && System.nanoTime() - end < 0) {
        Thread.sleep(POLL);
      }
    }
  }

  /** The names of all functions, with their scopes. */
  Collection<?> allCommands() throws ReflectiveOperationException {
    return (Collection<?>) get(".commands");
  }

  /** The names of all functions of scope ring, without the scope. */
  Set<String> commands() throws ReflectiveOperationException {
    Set<String> names = new TreeSet<>();
    for (Object name : allCommands()) {
      if (name.toString().startsWith(SCOPE)) {
        names.add(name.toString().substring(SCOPE.length()));
      }
    }
    return names;
  }

  /** Calls a function of scope ring; the arguments are passed on as they are, unparsed. */
  Object call(String command, List<String> arguments) throws Exception {
    return invoke(
        functionType.getMethod("execute", sessionType, List.class),
        get(SCOPE + command),
        session,
        new ArrayList<Object>(arguments));
  }

  /**
   * Runs one statement of Gogo's language.
   *
   * <p>General commands like grep report failure by an error number, which only {@code ||} can see.
   */
  Object execute(String statement) throws Exception {
    boolean background = statement.strip().endsWith("&");
    String run = background ? statement : statement + " || " + FAILED + " = true";
    put(FAILED, null);
    Object result = invoke(sessionType.getMethod("execute", CharSequence.class), session, run);
    return failed() ? null : result;
  }

  /** Whether the last statement ended with an error number. */
  boolean failed() throws ReflectiveOperationException {
    return get(FAILED) != null;
  }

  /**
   * Splits a program into the statements that {@code ;} and line ends separate, since Gogo returns
   * the result of the last one only.
   */
  List<String> statements(String program) throws Exception {
    Object parser = parserType.getConstructor(CharSequence.class).newInstance(program);
    Object parsed = invoke(parserType.getMethod("program"), parser);
    var tokens = (List<?>) parsed.getClass().getMethod("tokens").invoke(parsed);
    List<String> statements = new ArrayList<>();
    int begin = -1;
    int end = 0;
    for (Object token : tokens) {
      String text = token.toString();
      int start = (int) token.getClass().getMethod("start").invoke(token);
      boolean separates = text.equals(";") || text.isBlank();
      if (separates && begin >= 0) {
        statements.add(program.substring(begin, end) + redirections(program, end, start));
        begin = -1;
      } else if (!separates) {
        begin = begin < 0 ? start : begin;
        end = start + text.length();
      }
    }
    if (begin >= 0) {
      statements.add(program.substring(begin, end) + redirections(program, end, program.length()));
    }
    return statements;
  }

  /** Gogo's tokens leave out comments and the redirection of the last one. */
  private static String redirections(String program, int begin, int end) {
    return COMMENT.matcher(program.substring(begin, end)).replaceAll("").stripTrailing();
  }

  /** The result as the shell prints it. */
  String format(Object result) throws Exception {
    var method = sessionType.getMethod("format", Object.class, int.class);
    return invoke(method, session, result, INSPECT).toString();
  }

  private static Object invoke(java.lang.reflect.Method method, Object target, Object... arguments)
      throws Exception {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  @Override
  public void close() throws ReflectiveOperationException {
    sessionType.getMethod("close").invoke(session);
  }
}
