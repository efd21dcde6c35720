package org.pagewheel.agent;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The JVM's entry points. A failure here never reaches the application: it is a line on the error
 * stream, and nothing is recorded.
 */
public final class Agent {
  static final String MODULE = "org.pagewheel.agent.recorder";

  private static final String RECORDER = "org.pagewheel.agent.internal.Recorder";

  /** A second agent finds that the first one records. */
  private static final AtomicBoolean STARTED = new AtomicBoolean();

  private Agent() {}

  /**
   * For {@code -javaagent}. The application starts meanwhile: nothing that it does is recorded by
   * itself, so nothing is missed, and waiting would take longer than most applications take to
   * start.
   *
   * @param configuration a file, or empty
   * @param instrumentation access to the JVM
   */
  public static void premain(String configuration, Instrumentation instrumentation) {
    String file = configuration == null ? "" : configuration.strip();
    try {
      Thread.ofPlatform()
          .daemon()
          .name("pagewheel-agent")
          .start(() -> startOnce(file, instrumentation));
    } catch (Throwable e) { // the application goes on, whatever it is
      complain(e);
    }
  }

  /**
   * For an agent that is loaded while the application runs, on a thread that all tools share and
   * that must not be blocked.
   *
   * @param configuration a file, or empty
   * @param instrumentation access to the JVM
   */
  public static void agentmain(String configuration, Instrumentation instrumentation) {
    premain(configuration, instrumentation);
  }

  private static void startOnce(String configuration, Instrumentation instrumentation) {
    if (!STARTED.compareAndSet(false, true)) {
      return;
    }
    try {
      start(configuration, instrumentation);
    } catch (Throwable e) { // the application goes on, whatever it is
      STARTED.set(false);
      complain(e);
    }
  }

  private static void complain(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null
        && (cause instanceof InvocationTargetException
            || cause instanceof ExceptionInInitializerError)) {
      cause = cause.getCause();
    }
    System.err.println("pagewheel: the agent records nothing: " + words(cause));
  }

  private static String words(Throwable cause) {
    String message = cause.getMessage();
    String text = message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    return text.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", " ");
  }

  private static void start(String configuration, Instrumentation instrumentation)
      throws IOException, ReflectiveOperationException, URISyntaxException {
    Path jar = Path.of(Agent.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Class<?> recorder = HiddenModule.load(jar, MODULE).loadClass(RECORDER);
    // The module gives itself the right to native functions, by a method of Module that is not
    // public: java.lang is opened only to it.
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of(),
        Map.of("java.lang", Set.of(recorder.getModule())),
        Set.of(),
        Map.of());
    recorder
        .getMethod("start", String.class, Instrumentation.class)
        .invoke(null, configuration, instrumentation);
  }
}
