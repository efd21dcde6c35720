package org.pagewheel.runtime;

import java.util.Map;
import org.pagewheel.Buffer;

/** A process that ends while a trigger waits for what comes after its event. */
final class KeptTracesChild {
  private KeptTracesChild() {}

  public static void main(String... arguments) {
    Pagewheel pagewheel =
        Pagewheel.start(
            Map.of(
                "pagewheel.kept.directory",
                arguments[0],
                "pagewheel.buffers.main.triggers",
                "ftrace:print keep before 1 min, after 30 min if buf == \"now\""));
    Buffer main = pagewheel.buffers().get("main");
    main.mark("before it");
    main.mark("now");
    main.mark("after it");
    System.exit(0);
  }
}
