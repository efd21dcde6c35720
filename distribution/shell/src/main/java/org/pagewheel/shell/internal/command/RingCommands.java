package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.Descriptions;

/** Commands that replace a buffer's ring: swap, resize, page-size, mode, clock. */
public final class RingCommands {
  private static final String BUFFER = "BUFFER";

  private static final String PAGE_SIZE = "page-size";

  private final Services services;

  public RingCommands(Services services) {
    this.services = services;
  }

  /** The declarations. */
  public List<Command> commands() {
    String failure = "the ring could not be made; nothing has changed";
    return List.of(
        Command.named("swap", "put a ring of another backend beneath a buffer, while writers write")
            .word(BUFFER, Kind.BUFFER)
            .word("BACKEND", Kind.BACKEND)
            .settings(Kind.BACKEND_SETTING)
            .means("the settings are the backend's, such as file=F")
            .example("swap main lockfree", "the lock-free ring")
            .example("swap main offheap file=/var/tmp/main.ring", "a ring that outlives a kill")
            .fails(failure)
            .runs(this::swap),
        Command.named(
                "resize", "give a buffer another number of pages per CPU, while writers write")
            .word(BUFFER, Kind.BUFFER)
            .word("PAGES", Kind.NEW)
            .example("resize main 1024", "1,024 pages for each CPU")
            .fails(failure)
            .runs(this::resize),
        Command.named(PAGE_SIZE, "give a buffer pages of another size, while writers write")
            .word(BUFFER, Kind.BUFFER)
            .word("BYTES", Kind.PAGE_SIZE)
            .means("BYTES: a power of two from 4 KiB to 1 MiB, such as 16KiB")
            .example("page-size main 16KiB", "events may be four times as long")
            .fails(failure)
            .runs(this::pageSize),
        Command.named("mode", "change what a full ring does, while writers write")
            .word(BUFFER, Kind.BUFFER)
            .word("overwrite|discard", Kind.MODE)
            .means("overwrite keeps the newest events, discard the oldest")
            .example("mode main discard", "keep what comes first")
            .fails(failure)
            .runs(this::mode),
        Command.named(
                "clock", "give a buffer another clock; times before and after cannot be compared")
            .word(BUFFER, Kind.BUFFER)
            .word("CLOCK", Kind.CLOCK)
            .example("clock main mono_raw", "a clock that nobody adjusts")
            .fails(failure)
            .runs(this::clock));
  }

  private String swap(Call call) throws IOException {
    Map<String, String> values = new HashMap<>(call.settings());
    values.put("backend", call.plain().get(1));
    return swap(call.plain().get(0), values);
  }

  private String resize(Call call) throws IOException {
    return swap(call.word(0), Map.of("pages", call.word(1)));
  }

  private String pageSize(Call call) throws IOException {
    return swap(call.word(0), Map.of(PAGE_SIZE, call.word(1)));
  }

  private String mode(Call call) throws IOException {
    return swap(call.word(0), Map.of("mode", call.word(1)));
  }

  private String clock(Call call) throws IOException {
    return swap(call.word(0), Map.of("clock", call.word(1)));
  }

  private String swap(String buffer, Map<String, String> values) throws IOException {
    long before = System.nanoTime();
    services.administration().swap(buffer, values);
    double millis = (System.nanoTime() - before) / 1e6;
    String now = Descriptions.of(services.buffers().get(buffer));
    return String.format(Locale.ROOT, "%s; took %.1f ms", now, millis);
  }
}
