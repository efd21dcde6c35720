package org.pagewheel.shell.internal;

import java.io.OutputStream;
import java.util.Collection;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.pagewheel.Buffers;
import org.pagewheel.analysis.SqlEngine;
import org.pagewheel.probes.Probes;
import org.pagewheel.ringfile.LeftFiles;
import org.pagewheel.runtime.Administration;
import org.pagewheel.runtime.Setting;
import org.pagewheel.shell.internal.command.Completion;
import org.pagewheel.shell.internal.command.FrameworkCommands;
import org.pagewheel.shell.internal.command.PlainErrors;
import org.pagewheel.shell.internal.command.Services;
import org.pagewheel.shell.internal.control.Control;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.ResultConverter;
import org.pagewheel.shell.internal.prompt.Prompts;
import org.pagewheel.shell.internal.recover.LeftFilesRecovery;
import org.pagewheel.shell.internal.terminal.Complaints;
import org.pagewheel.shell.internal.terminal.ErrorOutput;
import org.pagewheel.shell.internal.terminal.PipeFailures;
import org.pagewheel.shell.internal.terminal.TypedLine;
import org.pagewheel.spi.Nearest;

/** Offers the commands to Gogo: those that {@link Commands} lists. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class ShellActivator implements BundleActivator {
  /** The services, as they come and go. */
  private static final class Tracked implements Services {
    private final ServiceTracker<Buffers, Buffers> buffers;
    private final ServiceTracker<Administration, Administration> administration;
    private final ServiceTracker<Probes, Probes> probes;
    private final ServiceTracker<SqlEngine, SqlEngine> sql;

    Tracked(BundleContext context) {
      buffers = new ServiceTracker<>(context, Buffers.class, null);
      administration = new ServiceTracker<>(context, Administration.class, null);
      probes = new ServiceTracker<>(context, Probes.class, null);
      sql = new ServiceTracker<>(context, SqlEngine.class, null);
      sql.open();
      buffers.open();
      probes.open();
      administration.open();
    }

    @Override
    public Buffers buffers() {
      return PlainErrors.of(Buffers.class, present(buffers));
    }

    @Override
    public Administration administration() {
      return PlainErrors.of(Administration.class, present(administration));
    }

    @Override
    public Probes probes() throws CommandFailed {
      Probes service = probes.getService();
      return service == null ? Services.super.probes() : PlainErrors.of(Probes.class, service);
    }

    @Override
    public Optional<SqlEngine> sql() {
      return Optional.ofNullable(sql.getService());
    }

    private static <T> T present(ServiceTracker<T, T> tracker) {
      T service = tracker.getService();
      if (service == null) {
        throw new IllegalStateException("the bundle org.pagewheel.runtime is not running");
      }
      return service;
    }

    void close() {
      buffers.close();
      administration.close();
      probes.close();
      sql.close();
    }
  }

  /** The property by which the launcher finds the services it uses. */
  private static final String PURPOSE = "pagewheel.shell";

  private Tracked services;
  private Prompts prompts;
  private Control control;
  private Commands commands;

  /** Null until the launcher asks for the control socket. */
  private ServiceTracker<CommandProcessor, CommandProcessor> processors;

  @Override
  public void start(BundleContext context) {
    services = new Tracked(context);
    commands = new Commands(services, context);
    TypedLine lines = commands.lines();
    context.registerService(
        Converter.class, new ResultConverter(), properties(Converter.CONVERTER_CLASSES, "*"));
    commands.all().forEach(command -> offer(command.scope(), context, command, command.name()));
    offer(Completion.SCOPE, context, commands.completion(), Completion.FUNCTIONS);
    offer("felix", context, new FrameworkCommands(context), FrameworkCommands.FUNCTIONS);
    prompts = new Prompts(context, lines);
    context.registerService(Runnable.class, prompts, offered("prompt"));
    context.registerService(Predicate.class, prompts, offered("above"));
    BiFunction<Throwable, Collection<String>, String> complaint = Complaints::line;
    context.registerService(BiFunction.class, complaint, offered("complaint"));
    BiFunction<String, Collection<String>, String> refusal = lines::refusal;
    context.registerService(BiFunction.class, refusal, offered("refusal"));
    BiFunction<String, Collection<String>, String> hint = Nearest::hint;
    context.registerService(BiFunction.class, hint, offered("hint"));
    UnaryOperator<String> expanded = TypedLine::expanded;
    context.registerService(UnaryOperator.class, expanded, offered("expanded"));
    UnaryOperator<OutputStream> errors = ErrorOutput::new;
    context.registerService(UnaryOperator.class, errors, offered("errors"));
    Function<Object, String> failure = ErrorOutput::failure;
    context.registerService(Function.class, failure, offered("failure"));
    BiConsumer<CommandSession, Consumer<Throwable>> watch =
        (session, destination) ->
            session.setJobListener(
                (job, before, now) -> {
                  PipeFailures.of(job, before).forEach(destination);
                  if (PipeFailures.hasErrorNumber(job)) {
                    destination.accept(null);
                  }
                });
    context.registerService(BiConsumer.class, watch, offered("watch"));
    Supplier<String> idle = () -> idle(services.administration());
    context.registerService(Supplier.class, idle, offered("idle"));
    control =
        new Control(
            services,
            lines,
            commands.completion(),
            Map.of(".context", context.getBundle(0).getBundleContext()));
    Runnable open = () -> openControl(context);
    context.registerService(Runnable.class, open, offered("control"));
    try {
      context.registerService(LeftFiles.class, new LeftFilesRecovery(), null);
    } catch (NoClassDefFoundError e) {
      // there is no off-heap backend here, so there are no ring files
    }
  }

  /** Gogo's processor has come, or is back after a refresh. */
  private void openControl(BundleContext context) {
    processors =
        new ServiceTracker<>(context, CommandProcessor.class, null) {
          @Override
          public CommandProcessor addingService(ServiceReference<CommandProcessor> reference) {
            CommandProcessor processor = context.getService(reference);
            control.open(processor, System.getenv());
            return processor;
          }

          @Override
          public void removedService(
              ServiceReference<CommandProcessor> reference, CommandProcessor processor) {
            control.close();
          }
        };
    processors.open();
  }

  /** The first buffer that does not record for a reason, unless it is configured to wait. */
  private static String idle(Administration runtime) {
    Set<String> waiting = new HashSet<>();
    for (Setting setting : runtime.settings()) {
      if (setting.key().endsWith(".wait") && setting.value().equals("true")) {
        waiting.add(setting.key());
      }
    }
    return runtime.buffers().stream()
        .filter(buffer -> buffer.problem().isPresent())
        .filter(buffer -> !waiting.contains("pagewheel.buffers." + buffer.name() + ".wait"))
        .map(buffer -> "buffer " + buffer.name() + " does not record: " + buffer.problem().get())
        .findFirst()
        .orElse(null);
  }

  private static void offer(
      String scope, BundleContext context, Object commands, String... functions) {
    Hashtable<String, Object> properties = properties(CommandProcessor.COMMAND_SCOPE, scope);
    properties.put(CommandProcessor.COMMAND_FUNCTION, functions);
    properties.put(Constants.SERVICE_RANKING, 1); // before commands of the same name elsewhere
    context.registerService(commands.getClass().getName(), commands, properties);
  }

  /**
   * The properties of a service for the launcher alone. A search by its type's class finds any
   * other service first.
   */
  private static Hashtable<String, Object> offered(String purpose) {
    Hashtable<String, Object> properties = properties(PURPOSE, purpose);
    properties.put(Constants.SERVICE_RANKING, Integer.MIN_VALUE);
    return properties;
  }

  private static Hashtable<String, Object> properties(String key, Object value) {
    return new Hashtable<>(Map.of(key, value));
  }

  /** The framework withdraws the commands. */
  @Override
  public void stop(BundleContext context) {
    prompts.stop();
    if (processors != null) {
      processors.close();
    }
    control.close();
    commands.close();
    services.close();
  }
}
