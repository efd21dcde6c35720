package org.pagewheel.launcher;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The permissions that new files lack, for the whole process. */
final class Umask {
  private static final int OTHERS = 0077;

  private Umask() {}

  /**
   * From now on files are for this user alone, whatever the user's own umask is. For the end of the
   * process: the JVM then writes its class archive, which others could read, with a mode that
   * cannot be set otherwise.
   */
  @SuppressWarnings("restricted")
  static void ownerOnly() {
    try {
      Linker linker = Linker.nativeLinker();
      MemorySegment function = linker.defaultLookup().find("umask").orElseThrow();
      MethodHandle umask =
          linker.downcallHandle(function, FunctionDescriptor.of(JAVA_INT, JAVA_INT));
      int before = (int) umask.invokeExact(OTHERS);
      assert before >= 0;
    } catch (Throwable e) {
      // Without native access the directory of the archive keeps others out.
    }
  }
}
