package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.pagewheel.Buffer;
import org.pagewheel.Buffers;
import org.pagewheel.EventReader;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.Account;
import org.pagewheel.shell.internal.print.Accounts;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Descriptions;
import org.pagewheel.shell.internal.print.EventPrinter;
import org.pagewheel.shell.internal.print.Lines;
import org.pagewheel.spi.Reason;

/** Commands on what buffers hold: stats, cat, save. */
public final class RecordingCommands {
  private final Services services;

  public RecordingCommands(Services services) {
    this.services = services;
  }

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        Command.named(
                "stats",
                "the account: the kernel's counters for each CPU, what was refused and why")
            .optional("BUFFER", Kind.BUFFER)
            .optional("CPU", Kind.NEW)
            .usage("[BUFFER [CPU]]")
            .means("the buffer, and the CPU if only one is wanted")
            .example("stats main | grep overrun", "what was lost, where and why")
            .wall()
            .runs(this::stats),
        Command.named("cat", "print the events of a buffer, oldest first, without consuming them")
            .word("BUFFER", Kind.BUFFER)
            .optional("N", Kind.EVENT)
            .any("EVENT", Kind.EVENT)
            .setting(EventFilter.FROM, "TIME")
            .setting(EventFilter.TO, "TIME")
            .means(
                "the newest N, if not all are wanted; only the events that match one of the"
                    + " patterns SYSTEM:EVENT; times as they are printed, or 10s for ten seconds"
                    + " ago")
            .flag(EventFilter.NANOS, EventFilter.NANOS_MEANING)
            .wall()
            .jsonLines()
            .example("cat main 20", "the newest events, as trace-cmd report prints them")
            .example("cat main 'osgi:*' from=10s", "of some types, of the last ten seconds")
            .fails("a page of the ring is damaged")
            .runs(this::cat),
        Command.named("save", "save what buffers hold as a trace.dat file, without consuming it")
            .word("FILE", Kind.FILE)
            .any("BUFFER", Kind.BUFFER)
            .means("the file, and the buffers if not all are wanted")
            .example("save trace.dat", "to be read by trace-cmd report or KernelShark")
            .fails("the file could not be written")
            .runs(this::save));
  }

  private Accounts stats(Call call) {
    List<String> plain = call.plain();
    Buffers buffers = services.buffers();
    if (plain.isEmpty()) {
      return new Accounts(buffers.list().stream().map(each -> account(call, each, -1)).toList());
    }
    Buffer buffer = buffers.get(plain.getFirst());
    int cpu = plain.size() == 2 ? BufferCommands.cpu(call, buffer, plain.get(1)) : -1;
    return new Accounts(List.of(account(call, buffer, cpu)));
  }

  private static Account account(Call call, Buffer buffer, int cpu) {
    return Account.of(buffer, cpu, call.wall(buffer.config().clock()));
  }

  private List<String> cat(Call call) throws IOException {
    Buffer buffer = services.buffers().get(call.word(0));
    EventFilter filter = EventFilter.of(call, buffer);
    EventPrinter lines = EventFilter.printer(call, buffer);
    int most = filter.most() < 0 ? Integer.MAX_VALUE : filter.most();
    Deque<List<String>> newest = new ArrayDeque<>();
    List<String> lost = new ArrayList<>();
    long until = buffer.config().clock().now(); // a busy buffer would never end
    try (EventReader events = buffer.readers().iterate()) {
      while (most > 0 && events.next() && events.time() <= until) {
        if (filter.isInTime(events)) {
          if (!filter.isOfType(events)) {
            lines.printLoss(events, lost::add); // some of which may have been wanted
            continue;
          }
          if (newest.size() == most) {
            newest.removeFirst();
          }
          List<String> text = new ArrayList<>(lost);
          lost.clear();
          lines.print(events, text::add);
          newest.addLast(text);
        }
      }
    }
    newest.addLast(lost);
    return new Lines(newest.stream().flatMap(List::stream).toList());
  }

  private String save(Call call) throws IOException {
    String[] names = call.plain().subList(1, call.plain().size()).toArray(String[]::new);
    return save(services.buffers(), call.path(call.word(0)), names);
  }

  /** Saves and says so. */
  static String save(Buffers buffers, Path file, String... names) throws IOException {
    long events;
    try {
      events = buffers.save(file, names);
    } catch (IOException e) {
      String why = Reason.of(e); // the system's message does not name the file
      throw new CommandFailed(why.contains(file.toString()) ? why : file + ": " + why, e);
    }
    List<String> of = new ArrayList<>(Arrays.asList(names));
    if (of.isEmpty()) {
      buffers.list().forEach(buffer -> of.add(buffer.name()));
    }
    return String.format(
        Locale.ROOT,
        "wrote %s: %,d events of %s, %s",
        file,
        events,
        String.join(", ", of),
        Descriptions.bytes(Files.size(file)));
  }
}
