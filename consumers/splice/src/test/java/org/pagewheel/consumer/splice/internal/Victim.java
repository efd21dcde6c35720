package org.pagewheel.consumer.splice.internal;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.pagewheel.Page;
import org.pagewheel.consumer.testing.GivenContext;
import org.pagewheel.consumer.testing.TickPages;

/**
 * A process to be killed: splices pages of two CPUs as fast as it can, so many at once, with ever
 * new event types and threads, and prints each time how many events of CPU 0 have been accepted.
 */
final class Victim {
  private Victim() {}

  public static void main(String[] arguments) throws Exception {
    int pageSize = Integer.parseInt(arguments[1]);
    int together = Integer.parseInt(arguments[3]);
    Map<String, String> settings =
        Map.of("dir", arguments[0], "max-size", arguments[2], "max-files", "unlimited");
    GivenContext context = new GivenContext(2, pageSize, settings);
    SpliceConsumer consumer =
        SpliceConsumer.open(context, SpliceSettings.parse(settings, "victim"));
    TickPages ticks = new TickPages(2, pageSize, TickPages.TICK.id());
    for (int round = 1; ; round++) {
      List<Page> pages = Stream.generate(() -> ticks.page(0)).limit(together).toList();
      for (int done = 0; done < together; ) {
        done += consumer.accept(pages.subList(done, together), 0);
      }
      System.out.println(ticks.next(0));
      if (round % 8 == 0) {
        int id = TickPages.TICK.id() + 1 + round / 8 % 500;
        synchronized (context) {
          if (context.formatCount() < 500) {
            context.tell(TickPages.format(id, "late_" + id));
          }
          context.tell(round % 5000, "thread " + round);
        }
        consumer.accept(new TickPages(2, pageSize, id).page(1), 0);
        consumer.flush();
      }
    }
  }
}
