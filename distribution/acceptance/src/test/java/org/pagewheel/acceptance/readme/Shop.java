package org.pagewheel.acceptance.readme;

import java.io.IOException;
import java.nio.file.Path;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventType;
import org.pagewheel.runtime.Pagewheel;

/** The README's application. */
public final class Shop {
  enum Side {
    BUY,
    SELL
  }

  record OrderFilled(long id, double price, Side side, String venue) {}

  static final EventType<OrderFilled> FILLED = EventType.of("shop", OrderFilled.class);

  public static void main(String[] args) throws IOException {
    try (Pagewheel pagewheel = Pagewheel.start()) {
      Buffer main = pagewheel.buffers().get("main");
      FILLED.record(main, new OrderFilled(1, 99.5, Side.BUY, "XETRA"));
      main.mark("the shop closes");
      pagewheel.buffers().save(Path.of("shop.dat"));
    }
  }
}
