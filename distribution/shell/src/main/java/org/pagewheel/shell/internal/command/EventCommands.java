package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.function.ToIntBiFunction;
import org.pagewheel.Buffer;
import org.pagewheel.EventReader;
import org.pagewheel.event.EventSet;
import org.pagewheel.event.EventState;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.EventPrinter;
import org.pagewheel.shell.internal.print.Table;
import org.pagewheel.shell.internal.print.WrongInput;
import org.pagewheel.shell.internal.terminal.Stop;

/** Commands on what buffers record: events, enable, disable, tail. */
public final class EventCommands {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final String BUFFER = "BUFFER";

  private final Services services;

  public EventCommands(Services services) {
    this.services = services;
  }

  /** The declarations. */
  public List<Command> commands() {
    String patterns = "system:event, * stands for any characters";
    return List.of(
        Command.named(
                "events", "list the event types that are known, and whether a buffer records them")
            .word(BUFFER, Kind.BUFFER)
            .example("events main", "a line for each type")
            .runs(this::events),
        Command.named("enable", "record event types in a buffer")
            .word(BUFFER, Kind.BUFFER)
            .many("PATTERN", Kind.EVENT)
            .means(patterns)
            .example("enable main 'shop:*'", "those to come, too")
            .runs(call -> turn(call, EventSet::enable)),
        Command.named("disable", "no longer record event types in a buffer")
            .word(BUFFER, Kind.BUFFER)
            .many("PATTERN", Kind.EVENT)
            .means(patterns)
            .example("disable main 'osgi:*'", "those to come, too")
            .runs(call -> turn(call, EventSet::disable)),
        Command.named(
                "tail",
                "print the events of a buffer as they come, until interrupted or N have come")
            .word(BUFFER, Kind.BUFFER)
            .optional("N", Kind.EVENT)
            .any("EVENT", Kind.EVENT)
            .means("until N have come; only the events that match one of the patterns SYSTEM:EVENT")
            .flag(EventFilter.NANOS, EventFilter.NANOS_MEANING)
            .wall()
            .printing()
            .example("tail main 'shop:*'", "until Ctrl-C")
            .fails("a page of the ring is damaged")
            .runs(this::tail));
  }

  /** A line of {@code events}. */
  record EventLine(String event, int id, String state) {}

  private Table<?> events(Call call) {
    Buffer buffer = services.buffers().get(call.word(0));
    return new Table<>(
        EventLine.class,
        "no event types yet; one is known once a program has defined it",
        buffer.events().list().stream().map(EventCommands::line).toList());
  }

  private static EventLine line(EventState state) {
    return new EventLine(
        state.system() + ":" + state.name(), state.id(), state.enabled() ? "on" : "off");
  }

  private String turn(Call call, ToIntBiFunction<EventSet, String> turn) {
    List<String> plain = call.plain();
    EventSet events = services.buffers().get(plain.getFirst()).events();
    try {
      int count = plain.stream().skip(1).mapToInt(each -> turn.applyAsInt(events, each)).sum();
      return count + " event types known now match; those to come that match will follow";
    } catch (IllegalArgumentException wrong) {
      throw new WrongInput(wrong.getMessage(), wrong);
    }
  }

  /** Events as they come, without consuming them. */
  private Object tail(Call call) throws IOException {
    Buffer buffer = services.buffers().get(call.word(0));
    EventFilter filter = EventFilter.of(call, buffer);
    long most = filter.most() < 0 ? Long.MAX_VALUE : filter.most();
    long from = buffer.config().clock().now();
    PrintStream out = call.out();
    try (Stop stop = Stop.open(call.session());
        EventReader events = buffer.readers().iterate()) {
      do {
        EventPrinter lines = EventFilter.printer(call, buffer);
        while (most > 0 && !stop.isAsked() && events.next()) {
          if (events.time() >= from && filter.isOfType(events)) {
            lines.print(events, out::println);
            most--;
          } else if (events.time() >= from) {
            lines.printLoss(events, out::println);
          }
        }
      } while (most > 0 && !buffer.isClosed() && !out.checkError() && !stop.within(POLL));
    } catch (InterruptedException e) {
      // the user has had enough
    }
    return null;
  }
}
