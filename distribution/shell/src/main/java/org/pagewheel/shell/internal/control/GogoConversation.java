package org.pagewheel.shell.internal.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Job;
import org.pagewheel.shell.internal.command.Completion;
import org.pagewheel.shell.internal.terminal.ErrorOutput;
import org.pagewheel.shell.internal.terminal.RemoteTerminal;
import org.pagewheel.shell.internal.terminal.Terminals;
import org.pagewheel.shell.internal.terminal.TypedLine;

/**
 * A conversation in a session of Gogo's, which begins with the first command and ends with the
 * client. One that was interrupted while it printed has closed its own output, so the next command
 * gets a new one.
 */
final class GogoConversation implements Conversation {
  private static final int MAX_CANDIDATES = 500;
  private static final String RING = "ring:";

  /**
   * What all conversations of a process share.
   *
   * @param processor makes sessions
   * @param lines the checks of a line before it is run
   * @param completion completes a line
   * @param status the status of the process
   * @param variables of each session
   */
  record Shared(
      CommandProcessor processor,
      TypedLine lines,
      Completion completion,
      Supplier<Status> status,
      Map<String, Object> variables) {}

  private final Shared shared;
  private final Line line;
  private final RemoteTerminal.Handler otherwise = signal -> interruptJobs(null);
  private final RemoteTerminal terminal = new RemoteTerminal(otherwise);
  private final AtomicBoolean interrupting = new AtomicBoolean();

  /** Made, used and closed by the worker, or by {@link #end} if there is none. */
  private volatile CommandSession session;

  /** The thread that answers; guarded by this, as is all below. */
  private Thread worker;

  /** A request has come that no thread has begun. */
  private boolean waiting;

  private boolean interrupted;
  private boolean ended;

  GogoConversation(Shared shared, Line line) {
    this.shared = shared;
    this.line = line;
  }

  @Override
  public synchronized void begin() {
    waiting = true;
  }

  @Override
  public Frame answer(Frame frame) throws IOException {
    boolean isOverBefore;
    synchronized (this) {
      if (ended) {
        throw new IOException("the client has gone");
      }
      worker = Thread.currentThread();
      waiting = false;
      isOverBefore = interrupted;
    }
    try {
      return isOverBefore ? result(Program.Status.FAILED, Program.INTERRUPTED) : answerOf(frame);
    } finally {
      boolean isOver;
      synchronized (this) {
        worker = null;
        isOver = ended || interrupted;
        interrupted = false;
      }
      Thread.interrupted(); // it was meant for what has ended now
      if (isOver) {
        closeSession();
      }
    }
  }

  private Frame answerOf(Frame frame) throws IOException {
    return switch (frame.type()) {
      case Frame.STATUS -> Frame.ofLines(Frame.STATUS, shared.status().get().text());
      case Frame.COMPLETE ->
          Frame.ofLines(Frame.COMPLETE, String.join("\n", candidates(frame.text())));
      case Frame.EXECUTE -> execute(frame.text());
      default -> throw new IOException("it asks for something unknown");
    };
  }

  private Frame execute(String text) {
    int end = text.indexOf('\n');
    terminal.setColumns(Integer.parseInt(text.substring(0, Math.max(end, 0))));
    Program.Result result = new Program(session(), shared.lines()).run(text.substring(end + 1));
    return result(result.status(), result.complaint());
  }

  static Frame result(Program.Status status, String complaint) {
    byte[] text = complaint.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, Frame.MAX_BODY - 1);
    byte[] body = new byte[length + 1];
    body[0] = (byte) status.ordinal();
    System.arraycopy(text, 0, body, 1, length);
    return new Frame(Frame.RESULT, body);
  }

  private CommandSession session() {
    CommandSession current = session;
    if (current != null) {
      return current;
    }
    current =
        shared
            .processor()
            .createSession(
                new NoInput(),
                new PrintStream(new Output(Frame.OUTPUT), false, StandardCharsets.UTF_8),
                new PrintStream(
                    new ErrorOutput(new Output(Frame.ERRORS), StandardCharsets.UTF_8),
                    true,
                    StandardCharsets.UTF_8));
    doNotKeepTheProcessAlive(current);
    shared.variables().forEach(current::put);
    current.put(CommandSession.OPTION_NO_GLOB, true); // osgi:* is a pattern of events
    current.put(Terminals.TERMINAL, terminal);
    current.put("SCOPE", "gogo:ring:*"); // so that cat and tail are the familiar ones
    session = current;
    return current;
  }

  /** Gogo's threads keep a process alive; these must not. */
  private static void doNotKeepTheProcessAlive(CommandSession session) {
    try {
      var field = session.getClass().getDeclaredField("executor");
      field.setAccessible(true);
      if (field.get(session) instanceof ThreadPoolExecutor executor) {
        ThreadFactory factory = executor.getThreadFactory();
        executor.setThreadFactory(
            task -> {
              Thread thread = factory.newThread(task);
              thread.setDaemon(true);
              return thread;
            });
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      // an unknown Gogo: the process ends when the command does
    }
  }

  private List<String> candidates(String text) {
    CommandSession current = session();
    List<String> words = Arrays.asList(text.stripLeading().split(" +", -1));
    String begun = words.getLast();
    Collection<?> all;
    try {
      all =
          words.size() == 1
              ? names(Program.commands(current))
              : shared.completion().after(current, words, words.size() - 1);
    } catch (Exception e) {
      return List.of(); // there is no such buffer, for example
    }
    return all.stream()
        .map(String::valueOf)
        .filter(each -> each.startsWith(begun))
        .distinct()
        .sorted()
        .limit(MAX_CANDIDATES)
        .toList();
  }

  /** Our commands are also typed without their scope. */
  private static List<String> names(Collection<String> commands) {
    List<String> names = new ArrayList<>(commands);
    for (String each : commands) {
      if (each.startsWith(RING)) {
        names.add(each.substring(RING.length()));
      }
    }
    return names;
  }

  /**
   * Interrupting may wait for locks of the command, so another thread does it; a user who holds
   * down the keys gets one such thread. It does not affect the next command if this one has ended
   * by then.
   */
  @Override
  public void interrupt() {
    Thread meant;
    synchronized (this) {
      meant = worker;
      interrupted |= waiting;
    }
    if (meant != null && interrupting.compareAndSet(false, true)) {
      Thread.ofPlatform()
          .daemon()
          .name("pagewheel-control-interrupt")
          .start(
              () -> {
                try {
                  interrupt(meant);
                } finally {
                  interrupting.set(false);
                }
              });
    }
  }

  private void interrupt(Thread meant) {
    RemoteTerminal.Handler handler;
    synchronized (this) {
      if (meant != worker) {
        return;
      }
      handler = terminal.handler();
    }
    if (handler == otherwise) {
      interruptJobs(meant);
    } else {
      handler.handle(RemoteTerminal.Signal.INT); // a command that has ended ignores it
    }
  }

  @Override
  public void end() {
    boolean isIdle;
    synchronized (this) {
      ended = true;
      isIdle = worker == null;
    }
    if (!isIdle || session != null) { // a worker may not have made its session yet
      Runnable end = isIdle ? this::closeSession : this::interruptAll;
      Thread.ofPlatform().daemon().name("pagewheel-control-end").start(end);
    }
  }

  private void interruptAll() {
    terminal.handler().handle(RemoteTerminal.Signal.INT);
    interruptJobs(null);
  }

  private void closeSession() {
    CommandSession current = session;
    session = null;
    if (current != null) {
      jobs(current).forEach(Job::interrupt);
      current.close();
    }
  }

  /** A copy of Gogo's own list, from which another thread may remove jobs. */
  private static List<Job> jobs(CommandSession session) {
    return Stream.of(session.jobs().toArray(Job[]::new)).filter(Objects::nonNull).toList();
  }

  /**
   * A job that is interrupted before it begins never notifies its worker of its end, so the worker
   * is interrupted too.
   *
   * @param meant the worker; null for the current one
   */
  private void interruptJobs(Thread meant) {
    List<Job> jobs;
    synchronized (this) {
      if (worker == null || meant != null && meant != worker) {
        return;
      }
      CommandSession current = session;
      jobs = current == null ? List.of() : jobs(current);
      interrupted = true;
      worker.interrupt();
    }
    jobs.forEach(Job::interrupt);
  }

  /** What commands print, frame by frame. */
  private final class Output extends OutputStream {
    private final char type;

    Output(char type) {
      this.type = type;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int end = offset + length;
      for (int from = offset; from < end; from += Frame.MAX_BODY) {
        int to = Math.min(end, from + Frame.MAX_BODY);
        line.send(new Frame(type, Arrays.copyOfRange(bytes, from, to)));
      }
    }
  }

  /** The input of commands without a file or a pipe. */
  private static final class NoInput extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("nothing to read: name a file, or put a command and | before it");
    }
  }
}
