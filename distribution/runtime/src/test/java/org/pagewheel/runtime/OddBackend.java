package org.pagewheel.runtime;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ServiceLoader;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** A backend whose rings are real ones of the heap backend, but for what a test has them do. */
record OddBackend(String name, Opener opener) implements Backend {
  static final Backend HEAP =
      ServiceLoader.load(Backend.class).stream()
          .map(ServiceLoader.Provider::get)
          .filter(backend -> backend.name().equals("heap"))
          .findFirst()
          .orElseThrow();

  interface Opener {
    Ring open(RingConfig config) throws IOException;
  }

  /** The rest of a call: what the real ring does. */
  interface Rest {
    Object call() throws Throwable;
  }

  /** What a ring does in place of a call of the real one, or around it. */
  interface Around {
    Object call(String method, Object[] arguments, Rest rest) throws Throwable;
  }

  @Override
  public Ring open(RingConfig config) throws IOException {
    return opener.open(config);
  }

  static Ring ring(RingConfig config, Around around) throws IOException {
    Ring real = HEAP.open(config);
    return (Ring)
        Proxy.newProxyInstance(
            Ring.class.getClassLoader(),
            new Class<?>[] {Ring.class},
            (proxy, method, arguments) ->
                around.call(
                    method.getName(),
                    arguments,
                    () -> {
                      try {
                        return method.invoke(real, arguments);
                      } catch (InvocationTargetException e) {
                        throw e.getCause();
                      }
                    }));
  }
}
