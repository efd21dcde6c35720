package org.pagewheel.probes;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;

/** The bytes of classes. */
final class ClassBytes {
  private ClassBytes() {}

  /** As the JVM has them, with what was put in. */
  static byte[] of(Class<?> type) throws Exception {
    Instrumentation instrumentation = ProbingAgent.instrumentation();
    byte[][] seen = new byte[1][];
    ClassFileTransformer look =
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              Module module,
              ClassLoader loader,
              String name,
              Class<?> changed,
              ProtectionDomain domain,
              byte[] bytes) {
            seen[0] = changed == type ? bytes : seen[0];
            return null;
          }
        };
    instrumentation.addTransformer(look, true); // the last one sees what the others have made
    try {
      instrumentation.retransformClasses(type);
    } finally {
      instrumentation.removeTransformer(look);
    }
    return seen[0];
  }
}
