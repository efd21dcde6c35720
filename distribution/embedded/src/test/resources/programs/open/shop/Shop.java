package shop;

import java.nio.file.Path;
import org.pagewheel.event.EventType;
import org.pagewheel.runtime.Pagewheel;

public final class Shop {
  record OrderFilled(long id, double price) {}

  static final EventType<OrderFilled> FILLED = EventType.of("shop", OrderFilled.class);

  public static void main(String[] arguments) throws Exception {
    try (Pagewheel pagewheel = Pagewheel.start()) {
      FILLED.record(pagewheel.buffers().get("main"), new OrderFilled(7, 99.5));
      pagewheel.buffers().save(Path.of("shop.dat"));
    }
  }
}
