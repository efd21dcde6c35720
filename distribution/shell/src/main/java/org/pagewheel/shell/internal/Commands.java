package org.pagewheel.shell.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.pagewheel.shell.internal.analysis.AnalysisCommands;
import org.pagewheel.shell.internal.analysis.Observers;
import org.pagewheel.shell.internal.analysis.TraceFileCommands;
import org.pagewheel.shell.internal.command.BufferCommands;
import org.pagewheel.shell.internal.command.Completion;
import org.pagewheel.shell.internal.command.DemoCommand;
import org.pagewheel.shell.internal.command.DoctorCommand;
import org.pagewheel.shell.internal.command.EventCommands;
import org.pagewheel.shell.internal.command.FileCommands;
import org.pagewheel.shell.internal.command.GrepCommand;
import org.pagewheel.shell.internal.command.HelpCommand;
import org.pagewheel.shell.internal.command.LiveCommands;
import org.pagewheel.shell.internal.command.MarkCommand;
import org.pagewheel.shell.internal.command.PluginCommands;
import org.pagewheel.shell.internal.command.RecordingCommands;
import org.pagewheel.shell.internal.command.RecoverCommands;
import org.pagewheel.shell.internal.command.ReplayCommand;
import org.pagewheel.shell.internal.command.RingCommands;
import org.pagewheel.shell.internal.command.Services;
import org.pagewheel.shell.internal.command.SourceCommand;
import org.pagewheel.shell.internal.command.TopCommand;
import org.pagewheel.shell.internal.command.TracingCommands;
import org.pagewheel.shell.internal.control.ControlCommands;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.terminal.TypedLine;

/** All commands of this bundle. A group of commands is a class and a line here. */
public final class Commands {
  private final List<Command> all = new ArrayList<>();
  private final Completion completion;
  private final TypedLine lines;
  private final Observers observers;

  /**
   * Collects the declarations.
   *
   * @param services what the commands work on; null if they are only listed
   * @param context knows the commands of other bundles; null likewise
   */
  public Commands(Services services, BundleContext context) {
    observers = new Observers(services);
    all.addAll(new BufferCommands(services).commands());
    all.addAll(new MarkCommand(services).commands());
    all.addAll(new RecordingCommands(services).commands());
    all.addAll(new RingCommands(services).commands());
    all.addAll(new PluginCommands(services).commands());
    all.addAll(new EventCommands(services).commands());
    all.addAll(new LiveCommands(services).commands());
    all.addAll(new TracingCommands(services).commands());
    all.addAll(new TopCommand(services).commands());
    all.addAll(new DemoCommand(services).commands());
    all.addAll(new DoctorCommand(services).commands());
    all.addAll(new ReplayCommand(services).commands());
    try {
      all.addAll(new RecoverCommands().commands());
    } catch (NoClassDefFoundError e) {
      // there is no off-heap backend here, so there are no ring files
    }
    all.addAll(new ControlCommands().commands());
    all.addAll(new AnalysisCommands(observers, services).commands());
    all.addAll(new TraceFileCommands().commands());
    all.addAll(new FileCommands().commands());
    all.addAll(new GrepCommand().commands());
    lines =
        new TypedLine(
            all.stream()
                .filter(Command::isPrinting)
                .map(command -> command.scope() + ":" + command.name())
                .collect(Collectors.toSet()));
    all.addAll(new SourceCommand(lines).commands());
    HelpCommand help = new HelpCommand(context);
    all.addAll(help.commands());
    help.add(all);
    completion = new Completion(services);
    completion.add(all);
  }

  /** The declarations, in the order of their groups. */
  public List<Command> all() {
    return List.copyOf(all);
  }

  /** Ends what runs in the background. */
  void close() {
    observers.close();
  }

  /** Their completion. */
  Completion completion() {
    return completion;
  }

  /** The checks of a line before it is run. */
  TypedLine lines() {
    return lines;
  }
}
