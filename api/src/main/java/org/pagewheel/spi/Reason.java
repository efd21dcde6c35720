package org.pagewheel.spi;

import java.io.EOFException;
import java.lang.reflect.InvocationTargetException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.concurrent.ExecutionException;

/**
 * An exception's message for a person: one line in plain words, without the name of its class. For
 * more, such as the author of a plugin needs, the log has the stack trace at level debug.
 */
public final class Reason {
  private static final int MAX_CAUSES = 20;

  private Reason() {}

  /**
   * The line.
   *
   * @param thrown what was thrown; if it has no message, its cause's is used
   * @return such as {@code /tmp/x: there is no such file}
   */
  public static String of(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; i < MAX_CAUSES && cause.getCause() != null && saysNothing(cause); i++) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? "" : cause.getMessage().strip();
    return switch (cause) {
      case FileSystemException f when f.getReason() == null && f.getFile() != null ->
          f.getFile() + ": " + what(f);
      case UnknownHostException _ when isWord(message) -> message + ": there is no such host";
      case NoClassDefFoundError _ when isWord(message) -> noClass(message);
      case ClassNotFoundException _ when isWord(message) -> noClass(message);
      case OutOfMemoryError _ when !message.isEmpty() -> "out of memory: " + inOneLine(message);
      case EOFException _ when message.isEmpty() -> "it ends too early";
      // These messages are about code.
      case NullPointerException _ when message.startsWith("Cannot ") -> "null pointer";
      case ClassCastException _ -> "class cast";
      default -> message.isEmpty() ? words(cause.getClass().getSimpleName()) : inOneLine(message);
    };
  }

  private static boolean saysNothing(Throwable thrown) {
    String message = thrown.getMessage();
    return thrown instanceof InvocationTargetException
        || thrown instanceof ExecutionException
        || thrown instanceof ExceptionInInitializerError
        || message == null
        || message.isBlank()
        || message.equals(thrown.getCause().toString());
  }

  /** In the JDK the message is only the file. */
  private static String what(FileSystemException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "it exists already";
      case DirectoryNotEmptyException _ -> "the directory is not empty";
      case NotDirectoryException _ -> "it is not a directory";
      default -> words(e.getClass().getSimpleName());
    };
  }

  private static String noClass(String name) {
    return "there is no class " + name.replace('/', '.');
  }

  private static boolean isWord(String message) {
    return !message.isEmpty() && message.indexOf(' ') < 0;
  }

  private static String inOneLine(String message) {
    return message.replaceAll("\\s*\\R\\s*", "; ");
  }

  /**
   * The words in the name of an exception's class.
   *
   * @param className without its package
   * @return such as "null pointer" for {@code NullPointerException}
   */
  public static String words(String className) {
    return className
        .replaceFirst("(?<=.)(Exception|Error)$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toLowerCase(Locale.ROOT);
  }
}
