package org.pagewheel.guice;

import com.google.inject.AbstractModule;
import java.util.Objects;
import java.util.function.Supplier;
import org.pagewheel.Buffers;
import org.pagewheel.runtime.Administration;
import org.pagewheel.runtime.Pagewheel;

/**
 * Binds {@link Buffers}, {@link Administration} and {@link Pagewheel}.
 *
 * {@snippet :
 * try (PagewheelModule pagewheel = new PagewheelModule()) {
 *   Injector injector = Guice.createInjector(pagewheel, new ShopModule());
 *   injector.getInstance(Shop.class).run();
 * }
 * }
 *
 * <p>Pagewheel starts when an injector is created with this module, in every stage, so that it
 * records from the beginning; a wrong configuration is an error of that creation. Guice has no
 * shutdown, so the module has one: {@link #close} stops Pagewheel, even if the creation of the
 * injector failed after the start. Close it when the objects that record have ended; what they
 * write later is refused, which is never an error.
 *
 * <p>All injectors that are created with one module share its Pagewheel. Pagewheel's own parts stay
 * in a separate injector, whose Guice need not be the application's.
 */
public final class PagewheelModule extends AbstractModule implements AutoCloseable {
  private final Supplier<Pagewheel> starter;
  private Pagewheel started;
  private boolean isClosed;

  /** Makes a module that starts Pagewheel by {@link Pagewheel#start()}. */
  public PagewheelModule() {
    this(Pagewheel::start);
  }

  /**
   * Makes a module that starts Pagewheel in another way.
   *
   * @param starter such as {@code () -> Pagewheel.start(Path.of("shop.conf"))}; called until it has
   *     returned one
   */
  public PagewheelModule(Supplier<Pagewheel> starter) {
    this.starter = Objects.requireNonNull(starter, "starter");
  }

  @Override
  protected void configure() {
    // By providers: where Guice calls constructors it generates classes, which the JVM warns of.
    bind(Pagewheel.class).toProvider(this::pagewheel).asEagerSingleton();
    bind(Buffers.class).toProvider(() -> pagewheel().buffers());
    bind(Administration.class).toProvider(() -> pagewheel().administration());
  }

  private synchronized Pagewheel pagewheel() {
    if (isClosed) {
      throw new IllegalStateException("the PagewheelModule is closed");
    }
    if (started == null) {
      started = Objects.requireNonNull(starter.get(), "the starter returned null");
    }
    return started;
  }

  /** Stops Pagewheel, as {@link Pagewheel#close} does. Does nothing the second time. */
  @Override
  public void close() {
    Pagewheel last;
    synchronized (this) {
      isClosed = true;
      last = started;
    }
    if (last != null) {
      last.close(); // may take a while, and be called by two threads
    }
  }
}
