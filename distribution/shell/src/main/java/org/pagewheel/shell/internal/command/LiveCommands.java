package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.pagewheel.runtime.TriggerStatus;
import org.pagewheel.shell.internal.print.Lines;
import org.pagewheel.shell.internal.print.Table;
import org.pagewheel.shell.internal.print.WrongInput;

/** Commands on the whole while it runs: snapshot, trigger, reload. */
public final class LiveCommands {
  /** The functions of this class, for Gogo. */
  public static final String[] FUNCTIONS = {"snapshot", "trigger", "reload"};

  private static final String TRIGGER = "trigger [BUFFER [EVENT ACTION[:COUNT] [if FILTER]]]";

  private final Services services;

  public LiveCommands(Services services) {
    this.services = services;
  }

  /** A line of {@code trigger}. */
  record TriggerLine(
      String buffer,
      String event,
      String action,
      String filter,
      long fired,
      String left,
      String problem) {}

  /**
   * Saves what buffers hold in this moment under a name of its own.
   *
   * @param session knows the directory that a relative path is meant in
   * @param arguments the buffers, and perhaps a file
   * @return what was written
   * @throws IOException if it could not be
   */
  @Descriptor("save what buffers hold in this moment, in a file named after the time")
  public String snapshot(
      CommandSession session,
      @Descriptor(
              "[BUFFER...] [-o FILE]: all buffers if none is named; the file is made in"
                  + " pagewheel.snapshots.directory unless it is named")
          String... arguments)
      throws IOException {
    Arguments parsed =
        new Arguments("snapshot [BUFFER...] [-o FILE]", Set.of("-o"), Set.of(), arguments);
    String[] names = parsed.plain(0, Integer.MAX_VALUE).toArray(String[]::new);
    if (parsed.value("-o") != null) {
      Path file = Paths.of(session, parsed.value("-o"));
      return RecordingCommands.save(services.buffers(), file, names);
    }
    return "wrote " + services.administration().snapshot(names);
  }

  /**
   * Sets, removes or lists triggers.
   *
   * @param arguments the buffer, the event, the action and a filter
   * @return a line for each trigger of the buffer, or of all
   */
  @Descriptor("stop recording, or take a snapshot, when an event occurs; !ACTION takes it back")
  public Table<?> trigger(
      @Descriptor(
              "[BUFFER [EVENT ACTION[:COUNT] [if FILTER]]]: traceoff or snapshot, at most COUNT"
                  + " times; quote a filter, as in 'if price > 100 && side == BUY'")
          String... arguments) {
    String buffer = arguments.length == 0 ? null : arguments[0];
    if (arguments.length == 1 || Arrays.asList(arguments).contains(null)) {
      Arguments.plain(TRIGGER, 0, 1, arguments);
    }
    if (arguments.length == 2) {
      throw new WrongInput("an action is missing; usage: " + TRIGGER);
    }
    if (buffer != null) {
      services.buffers().get(buffer);
    }
    if (arguments.length > 2) {
      set(buffer, List.of(arguments).subList(1, arguments.length));
    }
    return new Table<>(
        TriggerLine.class,
        "no triggers; ring:trigger BUFFER EVENT ACTION sets one",
        services.administration().triggers().stream()
            .filter(each -> buffer == null || each.buffer().equals(buffer))
            .map(LiveCommands::line)
            .toList());
  }

  private void set(String buffer, List<String> words) {
    if (words.get(1).startsWith("!")) {
      List<String> positive = new ArrayList<>(words);
      positive.set(1, words.get(1).substring(1));
      services.administration().removeTrigger(buffer, String.join(" ", positive));
    } else {
      services.administration().addTrigger(buffer, String.join(" ", words));
    }
  }

  private static TriggerLine line(TriggerStatus status) {
    return new TriggerLine(
        status.buffer(),
        status.event(),
        status.action(),
        status.filter(),
        status.fired(),
        status.left() < 0 ? "unlimited" : Long.toString(status.left()),
        status.problem().orElse(""));
  }

  /**
   * Reads the configuration anew.
   *
   * @param arguments none
   * @return a line for each change
   * @throws IOException if something could not be done; nothing has changed then
   */
  @Descriptor("read the configuration anew and apply what has changed; all of it or nothing")
  public List<String> reload(@Descriptor("no arguments") String... arguments) throws IOException {
    Arguments.plain("reload", 0, 0, arguments);
    List<String> changes = services.administration().reload();
    return new Lines(changes.isEmpty() ? List.of("nothing has changed") : changes);
  }
}
