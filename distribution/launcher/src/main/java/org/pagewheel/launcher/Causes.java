package org.pagewheel.launcher;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** Exceptions as one readable line. */
final class Causes {
  private Causes() {}

  /** The message of the exception; or of its cause, if the exception has none. */
  static String inOneLine(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && saysNothing(cause)) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    if (message == null || message.isBlank()) {
      return cause.getClass().getSimpleName();
    }
    return kind(cause) + message.strip().replaceAll("\\s*\\R\\s*", "; ");
  }

  private static boolean saysNothing(Throwable cause) {
    String message = cause.getMessage();
    return cause instanceof InvocationTargetException
        || message == null
        || message.isBlank()
        || message.equals(cause.getCause().toString());
  }

  /**
   * What the message lacks. Sentences need nothing; the JDK's single words (a file's name, a
   * class's name) do.
   */
  private static String kind(Throwable cause) {
    return switch (cause) {
      case NoSuchFileException _ -> "no such file: ";
      case AccessDeniedException _ -> "access denied: ";
      case FileAlreadyExistsException _ -> "the file exists already: ";
      default -> {
        Class<?> type = cause.getClass();
        boolean isWord = cause.getMessage().strip().indexOf(' ') < 0;
        yield isWord && type.getName().startsWith("java.") ? type.getSimpleName() + ": " : "";
      }
    };
  }
}
