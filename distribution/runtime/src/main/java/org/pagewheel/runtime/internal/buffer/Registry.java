package org.pagewheel.runtime.internal.buffer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Buffers;
import org.pagewheel.runtime.ConfigurationException;
import org.pagewheel.runtime.internal.config.BufferPlan;
import org.pagewheel.runtime.internal.config.Rules;
import org.pagewheel.runtime.internal.lifecycle.Teardown;
import org.pagewheel.runtime.internal.lifecycle.Threads;
import org.pagewheel.runtime.internal.plugin.Environment;
import org.pagewheel.runtime.internal.plugin.PluginSettings;
import org.pagewheel.runtime.internal.ring.RingOpener;
import org.pagewheel.runtime.internal.save.KeptTraces;
import org.pagewheel.runtime.internal.save.Saver;
import org.pagewheel.runtime.internal.save.TriggeredSnapshots;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.Nearest;

/** The buffers by name, in the order of their making. */
public final class Registry implements Buffers {
  private final Environment environment;
  private final RingOpener opener;
  private final TriggeredSnapshots triggered;
  private final KeptTraces kept;
  private final Teardown teardown;

  /** Guarded by itself. */
  private final Map<String, ManagedBuffer> buffers = new LinkedHashMap<>();

  private boolean closed;

  private volatile Consumer<Buffer> whenMade = buffer -> {};
  private volatile Consumer<Buffer> whenClosed = buffer -> {};
  private volatile Consumer<Buffer> beforeClose = buffer -> {};

  /**
   * @param opener makes the rings of all buffers
   * @param triggered takes the snapshots of their triggers
   * @param kept keeps what lies around the events of their triggers
   */
  public Registry(
      Environment environment,
      RingOpener opener,
      TriggeredSnapshots triggered,
      KeptTraces kept,
      Teardown teardown) {
    this.environment = environment;
    this.opener = opener;
    this.triggered = triggered;
    this.kept = kept;
    this.teardown = teardown;
  }

  /** Sets the listener for buffers that come and go, before {@link #start}. */
  public void watch(Consumer<Buffer> made, Consumer<Buffer> closed) {
    whenMade = made;
    whenClosed = closed;
  }

  /** Sets what is done with each buffer that is about to be closed; it throws nothing. */
  public void beforeEachClose(Consumer<Buffer> what) {
    beforeClose = what;
  }

  /**
   * Makes the buffers of the configuration, and follows plugins as they come and go.
   *
   * @param required which buffers must have their rings now
   * @throws ConfigurationException if one has none: a line each, which the log does not have
   */
  public void start(Predicate<BufferPlan> required) {
    teardown.push(this::close);
    for (BufferPlan plan : environment.settings().buffers()) {
      add(plan).openWhenPossible(required.test(plan));
    }
    PluginSettings.check(without(required));
    teardown.push(
        environment
            .plugins()
            .backends()
            .watch(
                (Backend backend) -> each(buffer -> buffer.added(backend)),
                (Backend backend) -> each(buffer -> buffer.removed(backend))));
    teardown.push(
        environment
            .plugins()
            .consumers()
            .watch(
                (ConsumerFactory factory) -> each(buffer -> buffer.attachments().added(factory)),
                (ConsumerFactory factory) ->
                    each(buffer -> buffer.attachments().removed(factory))));
  }

  /** The buffers among these that have no ring, a line each. */
  private List<String> without(Predicate<BufferPlan> chosen) {
    return managed().stream()
        .filter(each -> chosen.test(each.plan()))
        .flatMap(each -> each.waitsFor().stream())
        .toList();
  }

  private void each(Consumer<ManagedBuffer> action) {
    managed().forEach(action);
  }

  List<ManagedBuffer> managed() {
    synchronized (buffers) {
      return List.copyOf(buffers.values());
    }
  }

  /** One by name. */
  ManagedBuffer managed(String name) {
    synchronized (buffers) {
      ManagedBuffer found = buffers.get(name);
      if (found == null) {
        throw new IllegalArgumentException(
            "there is no buffer %s: %s".formatted(name, Nearest.hint(name, buffers.keySet())));
      }
      return found;
    }
  }

  private ManagedBuffer add(BufferPlan plan) {
    synchronized (buffers) {
      if (closed) {
        throw new IllegalArgumentException("everything has been stopped");
      }
      if (buffers.containsKey(plan.name())) {
        throw new IllegalArgumentException(
            "there is a buffer " + plan.name() + " already: choose another name");
      }
      ManagedBuffer made;
      try {
        made = new ManagedBuffer(plan, environment, opener, triggered, kept);
      } catch (IllegalStateException tooMany) {
        throw new IllegalArgumentException(
            "buffer " + plan.name() + " is one too many: " + tooMany.getMessage(), tooMany);
      }
      buffers.put(plan.name(), made);
      made.buffer().onClose(() -> closing(made.buffer()), () -> forget(made));
      whenMade.accept(made.buffer());
      return made;
    }
  }

  private void closing(Buffer buffer) {
    kept.closing(buffer);
    beforeClose.accept(buffer);
  }

  private void forget(ManagedBuffer gone) {
    synchronized (buffers) {
      buffers.values().remove(gone);
    }
    whenClosed.accept(gone.buffer());
    gone.attachments().closed();
    gone.triggers().close();
  }

  @Override
  public Buffer get(String name) {
    return managed(name).buffer();
  }

  @Override
  public Optional<Buffer> find(String name) {
    synchronized (buffers) {
      return Optional.ofNullable(buffers.get(name)).map(ManagedBuffer::buffer);
    }
  }

  @Override
  public List<Buffer> list() {
    List<Buffer> list = new ArrayList<>();
    managed().forEach(each -> list.add(each.buffer()));
    return list;
  }

  @Override
  public Buffer create(BufferConfig config) throws IOException {
    Rules.check(config);
    ManagedBuffer made = add(environment.settings().rules().plan(config));
    try {
      made.open();
    } catch (IOException | RuntimeException e) {
      made.buffer().close();
      throw e;
    }
    return made.buffer();
  }

  @Override
  public void destroy(String name) {
    managed(name).buffer().close();
  }

  @Override
  public long save(Path file, String... names) throws IOException {
    List<Buffer> chosen = choose(names);
    return Threads.apart("pagewheel-save", () -> Saver.save(file, chosen));
  }

  /** The buffers with these names, each once; all if no name is given; at least one. */
  List<Buffer> choose(String... names) {
    List<Buffer> chosen = new ArrayList<>();
    for (String name : names) {
      Buffer buffer = get(name);
      if (!chosen.contains(buffer)) {
        chosen.add(buffer);
      }
    }
    if (names.length == 0) {
      chosen.addAll(list());
    }
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException("there is no buffer to save");
    }
    return chosen;
  }

  /** Makes a buffer with its ring and its consumers, or fails without effect. */
  Buffer open(BufferPlan plan) throws IOException {
    ManagedBuffer made = add(plan);
    try {
      made.open();
      made.attachAll();
      return made.buffer();
    } catch (IOException | RuntimeException e) {
      made.buffer().close();
      throw e;
    }
  }

  private void close() {
    synchronized (buffers) {
      closed = true;
    }
    // All at once: each may take as long as its consumers need to finish.
    List<Thread> closers =
        managed().stream()
            .map(each -> Threads.start("pagewheel-close", each.buffer()::close))
            .toList();
    closers.forEach(Threads::join);
  }
}
