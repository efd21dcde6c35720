package org.pagewheel.probes.internal;

import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;

/** Opens packages of named modules to this one, as an agent may. */
final class Opening {
  private final Instrumentation instrumentation;

  Opening(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
  }

  /** Opens a class's package, unless it is open. */
  void open(Class<?> type) {
    Module its = type.getModule();
    Module ours = Opening.class.getModule();
    ours.addReads(its);
    if (!its.isOpen(type.getPackageName(), ours)) {
      instrumentation.redefineModule(
          its, Set.of(), Map.of(), Map.of(type.getPackageName(), Set.of(ours)), Set.of(), Map.of());
    }
  }
}
