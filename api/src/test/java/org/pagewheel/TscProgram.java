package org.pagewheel;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/** Prints why the clock x86-tsc cannot be had, or its name. */
final class TscProgram {
  private static final int SET_MDWE = 65;
  private static final long REFUSE_EXEC_GAIN = 1;

  private TscProgram() {}

  @SuppressWarnings("restricted")
  public static void main(String[] arguments) throws Throwable {
    if (Boolean.getBoolean("deny.execute")) {
      var prctl =
          Linker.nativeLinker()
              .downcallHandle(
                  Linker.nativeLinker().defaultLookup().findOrThrow("prctl"),
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_INT,
                      ValueLayout.JAVA_INT,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_LONG),
                  Linker.Option.firstVariadicArg(1));
      int status = (int) prctl.invokeExact(SET_MDWE, REFUSE_EXEC_GAIN, 0L, 0L, 0L);
      if (status != 0) {
        throw new IllegalStateException("PR_SET_MDWE: " + status);
      }
    }
    try {
      System.out.println(Clock.x86Tsc().name());
    } catch (UnsupportedOperationException e) {
      System.out.println(e.getMessage());
    }
  }
}
