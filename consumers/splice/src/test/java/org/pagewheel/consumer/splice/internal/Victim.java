package org.pagewheel.consumer.splice.internal;

import java.util.Map;

/**
 * A process to be killed: splices pages of two CPUs as fast as it can, with ever new event types
 * and threads, and prints after each page how many events of CPU 0 have been accepted.
 */
final class Victim {
  private Victim() {}

  public static void main(String[] arguments) throws Exception {
    int pageSize = Integer.parseInt(arguments[1]);
    Map<String, String> settings =
        Map.of("dir", arguments[0], "max-size", arguments[2], "max-files", "unlimited");
    TestContext context = new TestContext(2, pageSize, settings);
    SpliceConsumer consumer =
        SpliceConsumer.open(context, SpliceSettings.parse(settings, "victim"));
    TestPages ticks = new TestPages(2, pageSize, TestPages.TICK.id());
    for (int round = 1; ; round++) {
      consumer.accept(ticks.page(0), 0);
      System.out.println(ticks.next(0));
      if (round % 8 == 0) {
        int id = TestPages.TICK.id() + 1 + round / 8 % 500;
        synchronized (context) {
          if (context.formats.size() < 500) {
            context.formats.add(TestPages.format(id, "late_" + id));
          }
          context.threads.put(round % 5000, "thread " + round);
        }
        consumer.accept(new TestPages(2, pageSize, id).page(1), 0);
        consumer.flush();
      }
    }
  }
}
