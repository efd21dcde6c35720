package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.pagewheel.Buffer;
import org.pagewheel.Buffers;
import org.pagewheel.Counters;
import org.pagewheel.RingView;
import org.pagewheel.shell.internal.demo.Exchange;
import org.pagewheel.shell.internal.print.Account;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Descriptions;
import org.pagewheel.shell.internal.print.Excerpt;
import org.pagewheel.shell.internal.print.FileEvents;
import org.pagewheel.shell.internal.print.RingDrawing;
import org.pagewheel.shell.internal.terminal.Terminals;
import org.pagewheel.spi.Reason;
import org.pagewheel.tracedat.TraceFileWriter;

/** The command demo: everything Pagewheel is for, in a second and without a keyboard. */
public final class DemoCommand {
  /** The functions of this class, for Gogo. */
  public static final String[] FUNCTIONS = {"demo"};

  private static final String USAGE = "demo [-n ORDERS] [-o OUT.dat]";
  private static final String BUFFER = "main";
  private static final String DEFAULT_FILE = "pagewheel-demo.dat";
  private static final int TRADERS = Exchange.TRADERS;
  private static final int ORDERS = 800;
  private static final int FIRST_LINES = 2;
  private static final int LINES = 12;

  /** The first drawing is made when there are this many events. */
  private static final int EARLY = 2000;

  private final Services services;

  public DemoCommand(Services services) {
    this.services = services;
  }

  /**
   * Records a small exchange, and shows the ring, the file and the account.
   *
   * @param session where to print, and the directory that a relative path is meant in
   * @param arguments perhaps the file, and how many orders each trader places
   * @throws IOException if the file cannot be written
   * @throws InterruptedException if the thread was interrupted
   */
  @Descriptor("record a workload on several threads, draw the ring, save a trace and show it")
  public void demo(
      CommandSession session,
      @Descriptor(
              "[-n ORDERS] [-o OUT.dat]: orders of each trader, by default 800 (0.3 s), and the"
                  + " file, by default pagewheel-demo.dat")
          String... arguments)
      throws IOException, InterruptedException {
    Arguments parsed = new Arguments(USAGE, Set.of("-n", "-o"), Set.of(), arguments);
    parsed.plain(0, 0);
    int orders = parsed.number("-n", ORDERS);
    String name = parsed.value("-o") == null ? DEFAULT_FILE : parsed.value("-o");
    Path file = Paths.of(session, name);
    try {
      TraceFileWriter.checkTarget(file);
    } catch (IOException e) {
      throw new CommandFailed(Reason.of(e), e);
    }
    PrintStream out = Terminals.out(session);
    Buffers buffers = services.buffers();
    Buffer buffer = buffers.get(BUFFER);

    say(out, "A small exchange: %d traders, each a thread, work out prices and trade.", TRADERS);
    out.println("All they do is recorded in the buffer");
    out.println(Descriptions.of(buffer));
    out.println();
    Exchange exchange = new Exchange(buffer, orders);
    long begin = System.nanoTime();
    exchange.open();
    try {
      while (exchange.isOpen() && exchange.written() + exchange.refused() < EARLY) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      out.println("While they trade:");
      draw(buffer, out);
      exchange.close();
    } finally {
      exchange.stop(); // after Ctrl-C nobody trades on
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    out.println("At the end:");
    draw(buffer, out);
    say(
        out,
        "%,d pieces changed hands in %,d ms; %,d events were recorded, %,d were refused.",
        exchange.traded(),
        millis,
        exchange.written(),
        exchange.refused());
    out.println();
    save(buffers, file, out);
    account(buffer, out);
  }

  private static void draw(Buffer buffer, PrintStream out) {
    for (int cpu = 0; cpu < buffer.readers().cpus(); cpu++) {
      RingView view = buffer.view(cpu);
      if (!view.pages().isEmpty()) {
        out.println(RingDrawing.draw(view));
      }
    }
  }

  private static void save(Buffers buffers, Path file, PrintStream out) throws IOException {
    out.println(RecordingCommands.save(buffers, file, BUFFER));
    Excerpt excerpt = new Excerpt(FIRST_LINES, Exchange.OPENS, LINES);
    FileEvents.read(file, excerpt);
    if (!excerpt.text().isEmpty()) {
      out.println("It begins so; for all of it: trace-cmd report " + file.getFileName());
      out.println();
      out.println(excerpt.text());
    }
    out.println();
  }

  private static void account(Buffer buffer, PrintStream out) {
    Counters counters = buffer.counters();
    out.println("The account of buffer " + BUFFER + ", the container's own events included:");
    out.println("  " + Account.attemptedLine(counters));
    out.println("  " + Account.written(counters));
  }

  private static void say(PrintStream out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
