package org.pagewheel.shell.internal.terminal;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Job;
import org.apache.felix.service.command.Job.Status;
import org.apache.felix.service.command.Process;

/**
 * Ends a command that runs until the user stops it: by Ctrl-C, an interrupt of its thread, or a
 * call of {@link #ask}.
 *
 * <p>How it works: while it is open, Ctrl-C on the session's terminal sets a flag. Gogo by itself
 * would interrupt the command's thread and its own, and print the latter as an error. And an
 * interrupt is not a safe way to end something that prints: a thread that prints while it is
 * interrupted closes the session's output for all later commands; while loading classes an
 * interrupt may be lost.
 *
 * <p>Ctrl-C is only for the foreground job, and only as a whole: a command in the background passes
 * the signal on to the previous handler, and one inside a script or a loop leaves it to Gogo, which
 * ends all of it. In the moment before it is open, Gogo also has the signal.
 */
public final class Stop implements AutoCloseable {
  private static final String SIGNAL = "INT";

  private final CountDownLatch asked = new CountDownLatch(1);
  private final Job job;
  private final Object terminal;

  /** {@code Terminal.handle(Signal, SignalHandler)}; null if Ctrl-C cannot be handled. */
  private final Method handle;

  private final Object signal;
  private final Object handler;
  private final Object before;

  private Stop(Object terminal, Job job) {
    this.terminal = terminal;
    this.job = job;
    this.handle = terminal == null ? null : handle(terminal.getClass());
    this.signal = handle == null ? null : signal(handle.getParameterTypes()[0]);
    this.handler = signal == null ? null : handler(handle.getParameterTypes()[1]);
    this.before = handler == null ? null : Terminals.call(terminal, handle, signal, handler);
  }

  /** Opens one for the command that the calling thread runs. */
  public static Stop open(CommandSession session) {
    Process process = Process.Utils.current();
    Job job = process == null ? null : process.job();
    boolean whole = job != null && job.parent() == null && job.status() == Status.Foreground;
    return new Stop(whole ? session.get(Terminals.TERMINAL) : null, job);
  }

  private static Method handle(Class<?> terminal) {
    return Stream.of(terminal.getMethods())
        .filter(method -> method.getName().equals("handle") && method.getParameterCount() == 2)
        .filter(method -> method.getParameterTypes()[0].isEnum())
        .findFirst()
        .orElse(null);
  }

  private static Object signal(Class<?> signals) {
    return Stream.of(signals.getEnumConstants())
        .filter(each -> each.toString().equals(SIGNAL))
        .findFirst()
        .orElse(null);
  }

  private Object handler(Class<?> type) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          if (method.getDeclaringClass() != Object.class) {
            signalled(method, arguments);
            return null;
          }
          return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "Ctrl-C ends " + job.command();
          };
        });
  }

  private void signalled(Method method, Object[] arguments) {
    if (job.status() == Status.Foreground) {
      ask();
    } else if (before != null) {
      Terminals.call(before, method, arguments);
    }
  }

  /** Asks the command to end. */
  void ask() {
    asked.countDown();
  }

  /** Whether to end now. */
  public boolean isAsked() {
    return asked.getCount() == 0 || Thread.currentThread().isInterrupted();
  }

  /** Waits until it is time to end, at most this long; returns whether it is. */
  public boolean within(Duration time) throws InterruptedException {
    return asked.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Restores the handler of Ctrl-C, unless another has replaced it meanwhile. */
  @Override
  public void close() {
    if (before != null) {
      Object last = Terminals.call(terminal, handle, signal, before);
      if (last != handler) {
        Terminals.call(terminal, handle, signal, last);
      }
    }
  }
}
