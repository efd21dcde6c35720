package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.pagewheel.Buffer;
import org.pagewheel.Buffers;
import org.pagewheel.Counters;
import org.pagewheel.RingView;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.demo.Exchange;
import org.pagewheel.shell.internal.print.Account;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Descriptions;
import org.pagewheel.shell.internal.print.Excerpt;
import org.pagewheel.shell.internal.print.FileEvents;
import org.pagewheel.shell.internal.print.Json;
import org.pagewheel.shell.internal.print.RingDrawing;
import org.pagewheel.spi.Reason;
import org.pagewheel.tracedat.TraceFileWriter;

/** The command demo: what Pagewheel does, in a second and without a keyboard. */
public final class DemoCommand {
  private static final String BUFFER = "main";
  private static final String DEFAULT_FILE = "pagewheel-demo.dat";
  private static final int TRADERS = Exchange.TRADERS;
  private static final int ORDERS = 800;
  private static final int FIRST_LINES = 2;
  private static final int LINES = 12;

  /** The first drawing is made after this many events. */
  private static final int EARLY = 2000;

  private final Services services;

  public DemoCommand(Services services) {
    this.services = services;
  }

  /** Its result for programs. */
  record Result(
      String file, long traded, long millis, long written, long refused, Counters counters) {}

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        Command.named(
                "demo",
                "record a workload on several threads, draw the ring, save a trace and show it")
            .option("-n", "ORDERS", Kind.NEW, "orders of each trader, by default 800 (0.3 s)")
            .option("-o", "OUT.dat", Kind.FILE, "the file, by default pagewheel-demo.dat")
            .printing()
            .example("demo -o demo.dat", "then trace-cmd report demo.dat")
            .fails("the file could not be written")
            .runs(this::demo));
  }

  private Object demo(Call call) throws IOException, InterruptedException {
    int orders = call.number("-n", ORDERS);
    String name = call.value("-o") == null ? DEFAULT_FILE : call.value("-o");
    Path file = call.path(name);
    try {
      TraceFileWriter.checkTarget(file);
    } catch (IOException e) {
      throw new CommandFailed(Reason.of(e), e);
    }
    PrintStream out = call.isJson() ? new PrintStream(OutputStream.nullOutputStream()) : call.out();
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
      exchange.stop(); // after Ctrl-C trading stops
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
    return call.isJson()
        ? Json.of(
            new Result(
                file.toString(),
                exchange.traded(),
                millis,
                exchange.written(),
                exchange.refused(),
                buffer.counters()))
        : null;
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
