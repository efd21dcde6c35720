package org.pagewheel.acceptance.broken;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.pagewheel.Page;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.CountedPage;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * Offers backends that are wrong: {@code broken}, whose rings are those of the heap backend but for
 * the method that the setting {@code throws} names, which throws from the second call on; and one
 * that cannot even say its name.
 */
public final class BrokenActivator implements BundleActivator {
  /** Made by the framework. */
  public BrokenActivator() {}

  @Override
  public void start(BundleContext context) throws InvalidSyntaxException {
    var heap = context.getServiceReferences(Backend.class, "(pagewheel.backend=heap)");
    Backend real = context.getService(heap.iterator().next());
    context.registerService(Backend.class, new Broken(real), null);
    context.registerService(Backend.class, new Nameless(), null);
  }

  @Override
  public void stop(BundleContext context) {}

  private record Broken(Backend real) implements Backend {
    @Override
    public String name() {
      return "broken";
    }

    @Override
    public Ring open(RingConfig config) throws IOException {
      String method = config.buffer().settings().get("throws");
      if (method.equals("open")) {
        throw new Mistake();
      }
      var plain = config.buffer().withBackend("heap", Map.of());
      Ring ring = real.open(new RingConfig(plain, config.wakeup(), config.fault()));
      int[] calls = new int[1];
      return (Ring)
          Proxy.newProxyInstance(
              BrokenActivator.class.getClassLoader(),
              new Class<?>[] {Ring.class},
              (proxy, called, arguments) -> {
                if (called.getName().equals(method) && calls[0]++ > 0) {
                  throw new Mistake();
                }
                try {
                  Object result = called.invoke(ring, arguments);
                  return result instanceof Page page && method.equals("release")
                      ? unreleasable(page)
                      : result;
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    private static Page unreleasable(Page page) {
      return new CountedPage(
          page.cpu(),
          page.sequence(),
          page.firstEntry(),
          page.memory(),
          done -> {
            throw new Mistake();
          });
    }
  }

  private static final class Nameless implements Backend {
    @Override
    public String name() {
      throw new Mistake();
    }

    @Override
    public Ring open(RingConfig config) {
      throw new Mistake();
    }
  }

  /** An error, which is worse than an exception. */
  private static final class Mistake extends AssertionError {
    private static final long serialVersionUID = 1;

    Mistake() {
      super("broken on purpose");
    }
  }
}
