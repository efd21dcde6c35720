package org.pagewheel;

/** The clocks that read the processor's counter; each is made when somebody asks for it. */
final class CounterClocks {
  private CounterClocks() {}

  private static final class X86Tsc {
    static final Clock INSTANCE = new TscClock();
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
