package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.runtime.TriggerStatus;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.Lines;
import org.pagewheel.shell.internal.print.Table;

/** Commands on everything while it runs: snapshot, trigger, reload. */
public final class LiveCommands {
  private final Services services;

  public LiveCommands(Services services) {
    this.services = services;
  }

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        Command.named("snapshot", "save what buffers hold now, in a file named after the time")
            .any("BUFFER", Kind.BUFFER)
            .means("all buffers if none is named")
            .option(
                "-o",
                "FILE",
                Kind.FILE,
                "the file; without it one is made in pagewheel.snapshots.directory")
            .example("snapshot main", "main-20261122-143059.123.dat")
            .fails("the file could not be written")
            .runs(this::snapshot),
        Command.named(
                "trigger",
                "stop recording, take a snapshot, keep what lies around, or log, when an event"
                    + " occurs or a latency is long; !ACTION takes it back")
            .optional("BUFFER", Kind.BUFFER)
            .optional("EVENT", Kind.EVENT)
            .optional("ACTION[:COUNT]", Kind.ACTION)
            .any("if FILTER", Kind.NEW)
            .usage("[BUFFER [EVENT [EVENT by KEY] ACTION[:COUNT] [if FILTER]]]")
            .text()
            .means(
                "traceoff, snapshot, log, stacktrace, or keep before 10s after 5s, at most COUNT"
                    + " times; quote a filter, as in 'if price > 100 && side == BUY'; of a span, or"
                    + " two events of one key, latency > 50 ms, p99 > 5 ms over 10 s, or failed")
            .example("trigger main shop:order_filled 'snapshot:3 if price > 1000'", "three at most")
            .example("trigger main shop:place 'keep if latency > 50 ms'", "slow spans, whole")
            .example(
                "trigger main shop:placed shop:filled by id 'log if p99 > 5 ms over 10 s'",
                "from one event to another")
            .example("trigger main shop:order_filled '!snapshot if price > 1000'", "no longer")
            .runs(this::trigger),
        Command.named(
                "reload", "read the configuration anew and apply what has changed; all or nothing")
            .example("reload", "a line for each change")
            .fails("the configuration is wrong, or a part could not be made; nothing has changed")
            .runs(this::reload));
  }

  /** A line of {@code trigger}. */
  record TriggerLine(
      String buffer,
      String event,
      String action,
      String filter,
      long fired,
      String left,
      long missed,
      String observed,
      String problem) {}

  private String snapshot(Call call) throws IOException {
    String[] names = call.plain().toArray(String[]::new);
    if (call.value("-o") != null) {
      return RecordingCommands.save(services.buffers(), call.path(call.value("-o")), names);
    }
    return "wrote " + services.administration().snapshot(names);
  }

  private Table<?> trigger(Call call) {
    List<String> words = call.plain();
    String buffer = call.word(0);
    if (words.size() == 2) {
      throw call.wrong("an action is missing");
    }
    if (buffer != null) {
      services.buffers().get(buffer);
    }
    if (words.size() > 2) {
      set(buffer, words.subList(1, words.size()));
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
    int action = 1;
    while (action < words.size() - 1 && !words.get(action).matches("!.*|if\\b.*")) {
      action++;
    }
    if (words.get(action).startsWith("!")) {
      List<String> positive = new ArrayList<>(words);
      positive.set(action, words.get(action).substring(1));
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
        status.filter().orElse(""),
        status.fired(),
        status.left() < 0 ? "unlimited" : Long.toString(status.left()),
        status.missed(),
        status.observed().orElse(""),
        status.problem().orElse(""));
  }

  private List<String> reload(Call call) throws IOException {
    List<String> changes = services.administration().reload();
    return new Lines(changes.isEmpty() ? List.of("nothing has changed") : changes);
  }
}
