package stranger;

import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import org.pagewheel.event.EventType;
import org.pagewheel.runtime.Pagewheel;

class Main {
  record Order(long id, double price) {}

  public static void main(String[] args) throws Exception {
    var type = EventType.of("shop", Order.class, MethodHandles.lookup());
    try (var pagewheel = Pagewheel.start()) {
      type.record(pagewheel.buffers().get("main"), new Order(7, 99.5));
      pagewheel.buffers().save(Path.of("shop.dat"));
      try (var events = pagewheel.buffers().get("main").readers().events()) {
        while (!events.next() || !type.is(events.event())) {}
        System.out.println(type.read(events.event()) + ", " + events.event().getDouble("price"));
      }
    }
  }
}
