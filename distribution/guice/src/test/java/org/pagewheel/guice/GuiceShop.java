package org.pagewheel.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import org.pagewheel.Buffers;
import org.pagewheel.event.EventType;

/** An application with an injector of its own. */
public final class GuiceShop {
  record Opened(String by) {}

  static final EventType<Opened> OPENED = EventType.of("shop", Opened.class);

  /** What the application binds itself. */
  static final class ShopModule extends AbstractModule {
    @Override
    protected void configure() {
      bind(GuiceShop.class).in(Singleton.class);
    }
  }

  final Buffers buffers;

  @Inject
  GuiceShop(Buffers buffers) {
    this.buffers = buffers;
  }

  boolean open(String by) {
    return OPENED.record(buffers.get("main"), new Opened(by));
  }

  /** Saves to the file of this name. */
  public static void main(String[] file) throws IOException {
    try (PagewheelModule pagewheel = new PagewheelModule()) {
      Injector injector = Guice.createInjector(pagewheel, new ShopModule());
      GuiceShop shop = injector.getInstance(GuiceShop.class);
      shop.open("the injector");
      System.out.println(shop.buffers.save(Path.of(file[0]), "main"));
    }
  }
}
