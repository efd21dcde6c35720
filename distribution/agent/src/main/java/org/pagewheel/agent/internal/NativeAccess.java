package org.pagewheel.agent.internal;

import java.lang.reflect.Method;

/** The right of this module to call native functions. */
final class NativeAccess {
  private NativeAccess() {}

  /**
   * Takes the right. The JVM has no public way for an agent, so this one may be missing in another
   * version.
   *
   * @return why it could not; empty if it has it
   */
  static String take() {
    Module own = NativeAccess.class.getModule();
    try {
      Method method = Module.class.getDeclaredMethod("implAddEnableNativeAccess");
      method.setAccessible(true);
      method.invoke(own);
    } catch (ReflectiveOperationException | RuntimeException e) {
      if (!own.isNativeAccessEnabled()) {
        return "this JVM (%s) does not give it to an agent".formatted(Runtime.version());
      }
    }
    return own.isNativeAccessEnabled() ? "" : "the JVM has not given it";
  }
}
