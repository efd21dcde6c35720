package org.pagewheel;

import java.util.Set;

/** The clocks that read the processor's counter; each is made when it is first asked for. */
final class CounterClocks {
  private CounterClocks() {}

  private static final class X86Tsc {
    static final Clock INSTANCE = new TscClock();
  }

  private static final class MonoTsc {
    static final Clock INSTANCE = new MonoTscClock();
  }

  /** What the kernel takes its time from where that is the counter, or is made of it. */
  private static final Set<String> SOURCES = Set.of("tsc", "kvm-clock", "arch_sys_counter");

  static Clock monoTsc() {
    check();
    String source = Tsc.kernelSource();
    if (!SOURCES.contains(source)) {
      throw new UnsupportedOperationException(
          "the kernel's clock source is %s, not the counter: it does not rely on that"
              .formatted(source.isEmpty() ? "unknown" : source));
    }
    return MonoTsc.INSTANCE;
  }

  static Clock x86Tsc() {
    if (!Tsc.isX86()) {
      throw new UnsupportedOperationException(
          "this is a " + System.getProperty("os.arch") + ": x86-tsc is of x86-64 alone");
    }
    check();
    return X86Tsc.INSTANCE;
  }

  private static void check() {
    Tsc.lack()
        .ifPresent(
            lack -> {
              throw new UnsupportedOperationException(lack);
            });
  }
}
