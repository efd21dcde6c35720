package org.pagewheel.agent.internal;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.pagewheel.internal.LogDestination;
import org.pagewheel.runtime.internal.Engine;
import org.pagewheel.runtime.internal.config.ConfigLoader;
import org.pagewheel.runtime.internal.config.Settings;
import org.pagewheel.shell.internal.PlainShell;
import org.pagewheel.shell.internal.control.Control;
import org.pagewheel.spi.Reason;

/** The recorder of this JVM: buffers, and a control socket to reach them. */
public final class Recorder {
  /** How long the end of the application may be delayed. */
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  private final Engine engine;
  private final RunningCode code;
  private final Control control;

  private Recorder(Engine engine, RunningCode code, String commands) {
    this.engine = engine;
    this.code = code;
    PlainShell shell = new PlainShell(code);
    if (!commands.isEmpty()) {
      shell.execute(commands).ifPresent(why -> warn("pagewheel.agent.commands: " + why));
    }
    this.control = shell.openControl(System.getenv());
  }

  /**
   * Starts it; it stops when the application does.
   *
   * @param configuration a file, or empty
   * @param instrumentation for probes and graphs
   */
  public static void start(String configuration, Instrumentation instrumentation) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(Recorder.class.getClassLoader()); // the threads inherit it
    LogDestination.set(Recorder::warn);
    try {
      open(configuration, instrumentation).endWithTheApplication();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private void endWithTheApplication() {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(this::end, "pagewheel-agent-stop"));
    } catch (IllegalStateException e) {
      end(); // the application ended first
    }
  }

  private static Recorder open(String configuration, Instrumentation instrumentation) {
    Map<String, String> defaults = new HashMap<>();
    // A JFR stream costs the application time at its start, and can end it when a disk is full.
    defaults.put("pagewheel.sources.jvm.enabled", "false");
    // Starting the JVM's bean server would choose the log manager, which is the application's
    // choice.
    defaults.put("pagewheel.jmx.enabled", "false");
    Properties properties = new Properties();
    for (String name : System.getProperties().stringPropertyNames()) {
      String value = System.getProperty(name); // the application may have removed it
      if (value != null) {
        properties.put(name, value);
      }
    }
    String lack = NativeAccess.take();
    if (lack.isEmpty()) {
      try {
        properties.put(ConfigLoader.RINGS, AgentRings.make(System.getenv()).toString());
      } catch (IOException e) {
        warn("what is recorded does not survive a kill: " + Reason.of(e));
      }
    } else {
      warn("no native access, so what is recorded is on the heap and dies with it: " + lack);
    }
    Optional<Path> file =
        configuration.isEmpty() ? Optional.empty() : Optional.of(Path.of(configuration));
    Settings settings = ConfigLoader.load(file, properties, Map.of(), defaults);
    Engine engine = Engine.start(settings, Recorder.class.getClassLoader());
    try {
      return new Recorder(
          engine, new RunningCode(engine, instrumentation), settings.agentCommands());
    } catch (RuntimeException | Error e) {
      engine.stop();
      throw e;
    }
  }

  private static void warn(String line) {
    System.err.println("pagewheel: " + line); // the application may not have set up its log yet
  }

  /** On another thread, so that a hang delays the application only for a moment. */
  private void end() {
    Thread end =
        Thread.ofPlatform()
            .daemon()
            .name("pagewheel-agent-end")
            .start(
                () -> { // first what is recorded: the classes are about to go anyway
                  try {
                    engine.stop();
                  } finally {
                    control.close();
                    code.close();
                  }
                });
    try {
      end.join(PATIENCE);
    } catch (InterruptedException e) {
      // the application is in a hurry
    }
  }
}
