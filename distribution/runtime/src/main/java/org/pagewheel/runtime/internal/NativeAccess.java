package org.pagewheel.runtime.internal;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pagewheel.Buffer;
import org.pagewheel.spi.Log;

/** What it costs not to have it is on the log once, for nothing fails that would say so. */
final class NativeAccess {
  /** Of the modules, those that call the system. */
  private static final List<String> CALLERS =
      List.of("org.pagewheel.api", "org.pagewheel.backend.lockfree");

  private static final AtomicBoolean IS_REPORTED = new AtomicBoolean();

  private NativeAccess() {}

  /** Logs what is not granted, the first time that it is called. */
  static void report() {
    String refused = refused();
    if (!refused.isEmpty()
        && System.getProperty("os.name").equals("Linux")
        && IS_REPORTED.compareAndSet(false, true)) { // no other memory hangs on it
      Log.info(
          "no native access: rings lie on the heap, where an event costs some 5 ns more, and "
              + "threads are spread over CPUs by their ids; to grant it: --enable-native-access="
              + refused);
    }
  }

  /** By the names that the option takes; empty if all have it. */
  private static String refused() {
    Module api = Buffer.class.getModule();
    if (!api.isNamed()) {
      return api.isNativeAccessEnabled() ? "" : "ALL-UNNAMED";
    }
    ModuleLayer layer = api.getLayer();
    return Stream.concat(
            Stream.of(api), CALLERS.stream().flatMap(name -> layer.findModule(name).stream()))
        .distinct()
        .filter(module -> !module.isNativeAccessEnabled())
        .map(Module::getName)
        .collect(Collectors.joining(","));
  }
}
