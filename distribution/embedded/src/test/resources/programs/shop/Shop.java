package shop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.pagewheel.event.EventType;
import org.pagewheel.runtime.Pagewheel;

public final class Shop {
  record OrderFilled(long id, double price) {}

  /** A module that is not open hands over its own lookup. */
  static final EventType<OrderFilled> FILLED =
      Boolean.getBoolean("shop.lookup")
          ? EventType.of("shop", OrderFilled.class, MethodHandles.lookup())
          : EventType.of("shop", OrderFilled.class);

  public static void main(String[] arguments) throws Exception {
    if (Boolean.getBoolean("shop.pool")) { // whose threads have the system's class loader
      CompletableFuture.runAsync(Shop::trade).get();
    } else {
      trade();
    }
  }

  private static void trade() {
    try (Pagewheel pagewheel = Pagewheel.start()) {
      FILLED.record(pagewheel.buffers().get("main"), new OrderFilled(7, 99.5));
      pagewheel.buffers().save(Path.of("shop.dat"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
