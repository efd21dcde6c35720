package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.pagewheel.Buffer;
import org.pagewheel.Buffers;
import org.pagewheel.EventReader;
import org.pagewheel.shell.internal.print.Account;
import org.pagewheel.shell.internal.print.Accounts;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Descriptions;
import org.pagewheel.shell.internal.print.EventLines;
import org.pagewheel.shell.internal.print.Lines;
import org.pagewheel.spi.Reason;

/** Commands on what buffers hold: stats, cat, save. */
public final class RecordingCommands {
  /** The functions of this class, for Gogo. */
  public static final String[] FUNCTIONS = {"stats", "cat", "save"};

  private static final String CAT = "cat BUFFER [N] [EVENT...] [from=TIME] [to=TIME] [-t]";

  private final Services services;

  public RecordingCommands(Services services) {
    this.services = services;
  }

  /**
   * The accounts of buffers.
   *
   * @param arguments the buffers; none means all
   * @return the account of each
   */
  @Descriptor("the account: the kernel's counters for each CPU, what was refused and why")
  public Accounts stats(
      @Descriptor("[BUFFER [CPU]]: the buffer, and the CPU if only one is wanted")
          String... arguments) {
    Arguments parsed = new Arguments("stats [BUFFER [CPU]]", Set.of(), Set.of(), arguments);
    List<String> plain = parsed.plain(0, 2);
    Buffers buffers = services.buffers();
    if (plain.isEmpty()) {
      return new Accounts(buffers.list().stream().map(each -> Account.of(each, -1)).toList());
    }
    Buffer buffer = buffers.get(plain.getFirst());
    int cpu = plain.size() == 2 ? BufferCommands.cpu(parsed, buffer, plain.get(1)) : -1;
    return new Accounts(List.of(Account.of(buffer, cpu)));
  }

  /**
   * The events of a buffer as text, oldest first, without consuming them: the newest N, or all.
   *
   * @param arguments the buffer, how many events, which ones, and of which time
   * @return a line for each event and for each loss
   * @throws IOException if a page of the ring is damaged
   */
  @Descriptor("print the events of a buffer, oldest first, without consuming them")
  public List<String> cat(
      @Descriptor(
              "BUFFER [N] [EVENT...] [from=TIME] [to=TIME] [-t]: the newest N, if not all are"
                  + " wanted; only the events that match one of the patterns SYSTEM:EVENT; times as"
                  + " they are printed, or 10s for so long ago; -t shows nanoseconds")
          String... arguments)
      throws IOException {
    Arguments parsed =
        new Arguments(CAT, Set.of(), Set.of(EventFilter.NANOS), EventFilter.SETTINGS, arguments);
    Buffer buffer = services.buffers().get(parsed.plain(1, Integer.MAX_VALUE).getFirst());
    EventFilter filter = EventFilter.of(parsed, buffer);
    EventLines lines = EventLines.of(buffer, EventFilter.style(parsed));
    int most = filter.most() < 0 ? Integer.MAX_VALUE : filter.most();
    Deque<List<String>> newest = new ArrayDeque<>();
    List<String> lost = new ArrayList<>();
    long until = buffer.config().clock().now(); // a busy buffer would never end
    try (EventReader events = buffer.readers().iterate()) {
      while (most > 0 && events.next() && events.time() <= until) {
        if (filter.isInTime(events)) {
          if (!filter.isOfType(events)) {
            EventLines.printLoss(events, lost::add); // of which some may have been wanted
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

  /**
   * Saves what buffers hold.
   *
   * @param session knows the directory that a relative path is meant in
   * @param arguments the file and the buffers
   * @return what was written
   * @throws IOException if it could not be
   */
  @Descriptor("save what buffers hold as a trace.dat file, without consuming it")
  public String save(
      CommandSession session,
      @Descriptor("FILE [BUFFER...]: the file, and the buffers if not all are wanted")
          String... arguments)
      throws IOException {
    List<String> plain = Arguments.plain("save FILE [BUFFER...]", 1, Integer.MAX_VALUE, arguments);
    Path file = Paths.of(session, plain.getFirst());
    String[] names = plain.subList(1, plain.size()).toArray(String[]::new);
    return save(services.buffers(), file, names);
  }

  /** Saves and says so. */
  static String save(Buffers buffers, Path file, String... names) throws IOException {
    long events;
    try {
      events = buffers.save(file, names);
    } catch (IOException e) {
      String why = Reason.of(e); // the system's own words know no file
      throw new CommandFailed(why.contains(file.toString()) ? why : file + ": " + why, e);
    }
    List<String> of = new ArrayList<>(Arrays.asList(names));
    if (of.isEmpty()) {
      buffers.list().forEach(buffer -> of.add(buffer.name()));
    }
    return String.format(
        java.util.Locale.ROOT,
        "wrote %s: %,d events of %s, %s",
        file,
        events,
        String.join(", ", of),
        Descriptions.bytes(Files.size(file)));
  }
}
