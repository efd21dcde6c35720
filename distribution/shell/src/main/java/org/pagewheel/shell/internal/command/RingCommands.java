package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.Descriptions;
import org.pagewheel.shell.internal.print.WrongInput;

/** Commands that put another ring beneath a buffer: swap, resize, page-size, mode, clock. */
public final class RingCommands {
  private static final String BUFFER = "BUFFER";

  private static final Set<String> OF_BUFFER =
      Set.of(
          "cpus", "cpu-mask", "events", "triggers", "on", "wait", "fallback", "watermark", "flush");

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
    List<String> plain = call.plain();
    Buffer buffer = services.buffers().get(plain.get(0));
    String backend = plain.get(1);
    for (String key : call.settings().keySet()) {
      if (isOfBuffer(key)) {
        throw call.wrong(
            key + " is of the buffer, not of its ring: ring:create or the configuration takes it");
      }
    }
    Map<String, String> values = new HashMap<>();
    values.putAll(call.settings());
    BufferConfig now = buffer.config();
    values.putIfAbsent("pages", Integer.toString(now.pages()));
    values.putIfAbsent(PAGE_SIZE, Integer.toString(now.pageSize()));
    values.putIfAbsent("mode", now.mode().name().toLowerCase(Locale.ROOT));
    BufferConfig said = configure(buffer, values, "backend", backend);
    now =
        now.withBackend(backend, said.settings())
            .withPages(said.pages(), said.pageSize())
            .withMode(said.mode());
    return replace(
        values.containsKey("clock")
            ? now.withClock(now.cpus(), said.clock(), now.cpuNumber())
            : now);
  }

  /** A key that a swap does not change. */
  private static boolean isOfBuffer(String key) {
    return OF_BUFFER.contains(key) || key.startsWith("consumers");
  }

  private String resize(Call call) throws IOException {
    Buffer buffer = buffer(call);
    int pages = configure(buffer, new HashMap<>(), "pages", call.word(1)).pages();
    return replace(buffer.config().withPages(pages, buffer.config().pageSize()));
  }

  private String mode(Call call) throws IOException {
    Buffer buffer = buffer(call);
    var mode = configure(buffer, new HashMap<>(), "mode", call.word(1)).mode();
    return replace(buffer.config().withMode(mode));
  }

  private String clock(Call call) throws IOException {
    Buffer buffer = buffer(call);
    BufferConfig now = buffer.config();
    var clock = configure(buffer, new HashMap<>(), "clock", call.word(1)).clock();
    return replace(now.withClock(now.cpus(), clock, now.cpuNumber()));
  }

  private String pageSize(Call call) throws IOException {
    Buffer buffer = buffer(call);
    int size = configure(buffer, new HashMap<>(), PAGE_SIZE, call.word(1)).pageSize();
    return replace(buffer.config().withPages(buffer.config().pages(), size));
  }

  private Buffer buffer(Call call) {
    return services.buffers().get(call.word(0));
  }

  /** The rules and messages of the configuration hold here too, with the keys that were typed. */
  private BufferConfig configure(
      Buffer buffer, Map<String, String> values, String key, String value) {
    values.put(key, value);
    try {
      return services.administration().configure(buffer.name(), values);
    } catch (WrongInput wrong) {
      String whole = "pagewheel.buffers." + buffer.name() + ".";
      throw new WrongInput(wrong.getMessage().replace(whole, ""));
    }
  }

  private String replace(BufferConfig config) throws IOException {
    long before = System.nanoTime();
    services.administration().replace(config);
    double millis = (System.nanoTime() - before) / 1e6;
    String now = Descriptions.of(services.buffers().get(config.name()));
    return String.format(Locale.ROOT, "%s; took %.1f ms", now, millis);
  }
}
