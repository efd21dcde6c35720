package org.pagewheel.shell.internal.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.felix.service.command.CommandProcessor;
import org.pagewheel.runtime.Setting;
import org.pagewheel.shell.internal.command.Completion;
import org.pagewheel.shell.internal.command.Services;
import org.pagewheel.shell.internal.terminal.TypedLine;
import org.pagewheel.spi.Log;
import org.pagewheel.spi.Reason;

/** This process's control socket, which exists unless the configuration turns it off. */
public final class Control implements AutoCloseable {
  private static final int COLUMNS = 100;
  private static final String ENABLED = "pagewheel.control.enabled";

  private final Services services;
  private final TypedLine lines;
  private final Completion completion;
  private final Map<String, Object> variables;

  /** Guarded by this. */
  private ControlServer server;

  /**
   * Prepares it.
   *
   * @param services what the commands work on
   * @param lines the checks of a line before it is run
   * @param completion completes a line
   * @param variables of each client's session
   */
  public Control(
      Services services, TypedLine lines, Completion completion, Map<String, Object> variables) {
    this.services = services;
    this.lines = lines;
    this.completion = completion;
    this.variables = Map.copyOf(variables);
  }

  /**
   * Listens from now on; failure is a line in the log and affects nothing else.
   *
   * @param processor makes the sessions of clients
   * @param environment says where the socket may be
   */
  public synchronized void open(CommandProcessor processor, Map<String, String> environment) {
    if (server != null || !isEnabled()) {
      return;
    }
    GogoConversation.Shared shared =
        new GogoConversation.Shared(processor, lines, completion, this::status, variables);
    try {
      checkModule();
      server = ControlServer.open(environment, line -> new GogoConversation(shared, line));
    } catch (IOException | RuntimeException | Error e) { // it affects nothing else
      Log.warning(
          "there is no control socket, so pagewheel ps does not list this process: "
              + Reason.of(e));
    }
  }

  /** An application that is a named module has only those modules that it asks for. */
  private static void checkModule() throws IOException {
    if (ModuleLayer.boot().findModule("jdk.net").isEmpty()) {
      throw new IOException(
          "the JVM lacks the module jdk.net, start it with --add-modules jdk.net");
    }
  }

  private GogoConversation.Shared shared(CommandProcessor processor) {
    return new GogoConversation.Shared(processor, lines, completion, this::status, variables);
  }

  /**
   * Runs commands as for a client; their output is dropped.
   *
   * @param processor makes the session
   * @param commands separated by {@code ;} or line ends; the first that fails is the last
   * @return why that one failed; empty if none did
   */
  public Optional<String> run(CommandProcessor processor, String commands) {
    GogoConversation conversation = new GogoConversation(shared(processor), frame -> {});
    try {
      conversation.begin();
      Frame result = conversation.answer(Frame.of(Frame.EXECUTE, COLUMNS + "\n" + commands));
      return result.body()[0] == Program.Status.DONE.ordinal()
          ? Optional.empty()
          : Optional.of(result.text().substring(1));
    } catch (IOException e) {
      return Optional.of(Reason.of(e));
    } finally {
      conversation.end();
    }
  }

  private boolean isEnabled() {
    return services.administration().settings().stream()
        .filter(setting -> setting.key().equals(ENABLED))
        .map(Setting::value)
        .noneMatch(value -> value.replace("\"", "").equals("false")); // as in a file
  }

  private Status status() {
    return Status.of(services.buffers(), services.administration());
  }

  /** The socket; empty if there is none. */
  public synchronized Optional<Path> path() {
    return Optional.ofNullable(server).map(ControlServer::path);
  }

  /** Ends what runs for clients, and removes the socket. */
  @Override
  public synchronized void close() {
    if (server != null) {
      server.close();
      server = null;
    }
  }
}
