package org.pagewheel.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReasonTest {
  @TempDir Path directory;

  static Stream<Arguments> exceptions() {
    IOException full = new IOException("the disk is full");
    return Stream.of(
        Arguments.of("x: there is no such file", new NoSuchFileException("x")),
        Arguments.of("x: permission denied", new AccessDeniedException("x")),
        Arguments.of("x: it exists already", new FileAlreadyExistsException("x")),
        Arguments.of("x: the directory is not empty", new DirectoryNotEmptyException("x")),
        Arguments.of("x: no room", new FileSystemException("x", null, "no room")),
        Arguments.of("nowhere: there is no such host", new UnknownHostException("nowhere")),
        Arguments.of("there is no class a.B", new NoClassDefFoundError("a/B")),
        Arguments.of("there is no class a.B", new ClassNotFoundException("a.B")),
        Arguments.of("out of memory: Java heap space", new OutOfMemoryError("Java heap space")),
        Arguments.of("stack overflow", new StackOverflowError()),
        Arguments.of("it ends too early", new EOFException()),
        Arguments.of("unsupported operation", new UnsupportedOperationException()),
        Arguments.of("the disk is full", full),
        Arguments.of("the disk is full", new UncheckedIOException(full)),
        Arguments.of("the disk is full", new RuntimeException(new ExecutionException(full))),
        Arguments.of("the disk is full", new InvocationTargetException(full, "called")),
        Arguments.of("cannot: the disk is full", new IOException("cannot: the disk is full", full)),
        Arguments.of("one; two", new IllegalStateException(" one\n  two\n")));
  }

  @ParameterizedTest
  @MethodSource("exceptions")
  void anExceptionIsOneLineInWords(String line, Throwable thrown) {
    assertEquals(line, Reason.of(thrown));
  }

  @Test
  void whatTheJdkThrowsIsInWordsToo() {
    Path missing = directory.resolve("missing");
    assertEquals(missing + ": there is no such file", reason(() -> Files.readAllBytes(missing)));
    assertEquals(directory + ": it exists already", reason(() -> Files.createDirectory(directory)));
    assertEquals("null pointer", reason(() -> ((String) null).length()));
    assertEquals("class cast", reason(() -> ((Comparable<?>) (Object) new int[0]).hashCode()));
    Throwable[] circle = {new IllegalStateException(), null};
    circle[1] = new IllegalStateException(null, circle[0]);
    circle[0].initCause(circle[1]);
    assertEquals("illegal state", Reason.of(circle[0]));
  }

  private interface Action {
    Object run() throws Exception;
  }

  private static String reason(Action action) {
    try {
      return "came back with " + action.run();
    } catch (Exception e) {
      return Reason.of(e);
    }
  }
}
