package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.WrongInput;
import org.pagewheel.spi.Reason;

/** Makes the exceptions of a service print as one plain line, without the names of classes. */
public final class PlainErrors {
  private PlainErrors() {}

  /**
   * The same service.
   *
   * @param <T> its interface
   * @param type its interface
   * @param service the service
   */
  public static <T> T of(Class<T> type, T service) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call(service, method, arguments)));
  }

  private static Object call(Object service, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(service, arguments);
    } catch (InvocationTargetException e) {
      throw switch (e.getCause()) {
        case IllegalArgumentException wrong -> new WrongInput(wrong.getMessage(), wrong);
        case IOException failed -> new CommandFailed(Reason.of(failed), failed);
        default -> e.getCause();
      };
    }
  }
}
