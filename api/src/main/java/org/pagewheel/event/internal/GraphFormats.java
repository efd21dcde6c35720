package org.pagewheel.event.internal;

import java.util.List;
import org.pagewheel.event.EventFormat;

/** The formats of calls and stacks: the kernel's own events, with its ids. */
public final class GraphFormats {
  /** A stack. */
  public static final EventFormat STACK =
      format(
          4,
          "kernel_stack",
          """
          \tfield:int size;\toffset:8;\tsize:4;\tsigned:1;
          \tfield:unsigned long caller[8];\toffset:16;\tsize:64;\tsigned:0;

          print fmt: "%ps", (void *)REC->caller[0]
          """);

  /** A call returns. */
  public static final EventFormat EXIT =
      format(
          10,
          "funcgraph_exit",
          """
          \tfield:unsigned long func;\toffset:8;\tsize:8;\tsigned:0;
          \tfield:unsigned int depth;\toffset:16;\tsize:4;\tsigned:0;
          \tfield:unsigned int overrun;\toffset:20;\tsize:4;\tsigned:0;
          \tfield:unsigned long long calltime;\toffset:24;\tsize:8;\tsigned:0;
          \tfield:unsigned long long rettime;\toffset:32;\tsize:8;\tsigned:0;

          print fmt: "<-- %ps (%u)", (void *)REC->func, REC->depth
          """);

  /** A call begins. */
  public static final EventFormat ENTRY =
      format(
          11,
          "funcgraph_entry",
          """
          \tfield:unsigned long func;\toffset:8;\tsize:8;\tsigned:0;
          \tfield:unsigned int depth;\toffset:16;\tsize:4;\tsigned:0;

          print fmt: "--> %ps (%u)", (void *)REC->func, REC->depth
          """);

  private GraphFormats() {}

  /** Makes them known. Tools need entry and exit together. */
  public static void define() {
    for (EventFormat format : List.of(STACK, EXIT, ENTRY)) {
      EventRegistry.PROCESS.define(format);
      ProcessMetadata.INSTANCE.tell(format);
    }
  }

  private static EventFormat format(int id, String name, String fields) {
    String text = "name: " + name + "\nID: " + id + "\nformat:\n" + MarkFormat.COMMON + fields;
    return new EventFormat(id, "ftrace", name, text);
  }
}
