package org.pagewheel.event.internal;

import org.pagewheel.event.EventFormat;

/** The format of text marks: the kernel's event {@code print}. */
public final class MarkFormat {
  /** The fields at the beginning of every event, the kernel's and ours, and a blank line. */
  static final String COMMON =
      """
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      """;

  /** The kernel's format text, byte for byte. */
  public static final EventFormat FORMAT =
      new EventFormat(
          5,
          "ftrace",
          "print",
          "name: print\nID: 5\nformat:\n"
              + COMMON
              + """
              \tfield:unsigned long ip;\toffset:8;\tsize:8;\tsigned:0;
              \tfield:char buf[];\toffset:16;\tsize:0;\tsigned:0;

              print fmt: "%ps: %s", (void *)REC->ip, REC->buf
              """);

  private MarkFormat() {}
}
