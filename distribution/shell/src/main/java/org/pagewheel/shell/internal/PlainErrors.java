package org.pagewheel.shell.internal;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Makes the exceptions of a service print as one plain line, without the names of classes. */
final class PlainErrors {
  private PlainErrors() {}

  /**
   * The same service.
   *
   * @param <T> its interface
   * @param type its interface
   * @param service the service
   */
  static <T> T of(Class<T> type, T service) {
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
        case IOException failed -> new CommandFailed(line(failed), failed);
        default -> e.getCause();
      };
    }
  }

  /** Exceptions about files often say no more than the file. */
  static String line(IOException e) {
    boolean silent = e instanceof FileSystemException f && f.getReason() == null;
    return switch (e) {
      case NoSuchFileException f when silent -> f.getFile() + ": no such file";
      case AccessDeniedException f when silent -> f.getFile() + ": permission denied";
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }
}
