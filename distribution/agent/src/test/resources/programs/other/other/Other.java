package other;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.concurrent.atomic.AtomicInteger;

/** An agent of somebody else's that looks at every class. */
public final class Other {
  private static final AtomicInteger SEEN = new AtomicInteger();

  private Other() {}

  public static void premain(String arguments, Instrumentation instrumentation) {
    instrumentation.addTransformer(
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              Module module,
              ClassLoader loader,
              String name,
              Class<?> redefined,
              ProtectionDomain domain,
              byte[] bytes) {
            SEEN.incrementAndGet();
            return bytes.clone();
          }
        },
        true);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> System.out.println("seen " + (SEEN.get() > 0))));
  }
}
