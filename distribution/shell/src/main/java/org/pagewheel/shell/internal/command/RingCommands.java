package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.felix.service.command.Descriptor;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.shell.internal.print.Descriptions;
import org.pagewheel.shell.internal.print.WrongInput;

/** Commands that put another ring beneath a buffer: swap, resize, page-size, mode, clock. */
public final class RingCommands {
  /** The functions of this class, for Gogo. */
  public static final String[] FUNCTIONS = {"swap", "resize", "mode", "clock"};

  private static final Set<String> OF_BUFFER =
      Set.of("cpus", "events", "triggers", "on", "wait", "fallback", "watermark", "flush");

  /** The function that no Java method can be named like. */
  public static final String PAGE_SIZE = "page-size";

  private final Services services;

  public RingCommands(Services services) {
    this.services = services;
  }

  /**
   * Another backend.
   *
   * @param arguments the buffer, the backend and its settings
   * @return the buffer in words
   * @throws IOException if the ring could not be made; nothing has changed then
   */
  @Descriptor("put a ring of another backend beneath a buffer, while writers write")
  public String swap(
      @Descriptor("BUFFER BACKEND [KEY=VALUE...]: the settings are the backend's, such as file=F")
          String... arguments)
      throws IOException {
    Arguments parsed =
        new Arguments("swap BUFFER BACKEND [KEY=VALUE...]", Set.of(), Set.of("*"), arguments);
    List<String> plain = parsed.plain(2, 2);
    Buffer buffer = services.buffers().get(plain.get(0));
    String backend = plain.get(1);
    for (String key : parsed.values().keySet()) {
      if (isOfBuffer(key)) {
        throw parsed.wrong(
            key + " is of the buffer, not of its ring: ring:create or the configuration takes it");
      }
    }
    Map<String, String> values = new HashMap<>();
    values.putAll(parsed.values());
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

  /**
   * Another number of pages.
   *
   * @param arguments the buffer and the number
   * @return the buffer in words
   * @throws IOException if the ring could not be made; nothing has changed then
   */
  @Descriptor("give a buffer another number of pages per CPU, while writers write")
  public String resize(@Descriptor("BUFFER PAGES") String... arguments) throws IOException {
    Buffer buffer = buffer("resize BUFFER PAGES", arguments);
    int pages = configure(buffer, new HashMap<>(), "pages", arguments[1]).pages();
    return replace(buffer.config().withPages(pages, buffer.config().pageSize()));
  }

  /**
   * Another mode.
   *
   * @param arguments the buffer and the mode
   * @return the buffer in words
   * @throws IOException if the ring could not be made; nothing has changed then
   */
  @Descriptor("change what a full ring does, while writers write")
  public String mode(@Descriptor("BUFFER overwrite|discard") String... arguments)
      throws IOException {
    Buffer buffer = buffer("mode BUFFER overwrite|discard", arguments);
    var mode = configure(buffer, new HashMap<>(), "mode", arguments[1]).mode();
    return replace(buffer.config().withMode(mode));
  }

  /**
   * Another clock.
   *
   * @param arguments the buffer and the clock
   * @return the buffer in words
   * @throws IOException if the ring could not be made; nothing has changed then
   */
  @Descriptor("give a buffer another clock; times before and after cannot be compared")
  public String clock(@Descriptor("BUFFER CLOCK") String... arguments) throws IOException {
    Buffer buffer = buffer("clock BUFFER CLOCK", arguments);
    BufferConfig now = buffer.config();
    var clock = configure(buffer, new HashMap<>(), "clock", arguments[1]).clock();
    return replace(now.withClock(now.cpus(), clock, now.cpuNumber()));
  }

  /** Another page size, as a command with the name that no Java method can have. */
  public Object pageSize() {
    return HyphenCommand.of(
        PAGE_SIZE,
        "give a buffer pages of another size, while writers write",
        "BUFFER BYTES: a power of two from 4 KiB to 1 MiB, such as 16KiB",
        arguments -> {
          Buffer buffer = buffer("page-size BUFFER BYTES", arguments);
          int size = configure(buffer, new HashMap<>(), PAGE_SIZE, arguments[1]).pageSize();
          return replace(buffer.config().withPages(buffer.config().pages(), size));
        });
  }

  private Buffer buffer(String usage, String... arguments) {
    return services.buffers().get(Arguments.plain(usage, 2, 2, arguments).getFirst());
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
