package org.pagewheel.tck.faults;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.pagewheel.spi.Backend;
import org.pagewheel.tck.reference.SimpleBackend;

/** Compiles the simplest backend anew, with a fault in it. */
final class FaultyBackend {
  private static final Path SOURCES =
      Path.of("src/test/java/org/pagewheel/tck/reference").toAbsolutePath();

  private FaultyBackend() {}

  /** Makes the backend; a null fault makes it as it is. */
  static Backend with(Fault fault, Path directory) throws Exception {
    List<JavaFileObject> sources;
    try (Stream<Path> files = Files.list(SOURCES)) {
      sources =
          files
              .filter(file -> file.getFileName().toString().startsWith("Simple"))
              .filter(file -> !file.getFileName().toString().endsWith("Test.java"))
              .map(file -> source(file, fault))
              .toList();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException("the tests need a JDK: this JVM has no compiler");
    }
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of("-proc:none", "-cp", locationOf(Backend.class), "-d", directory.toString());
    if (!compiler.getTask(messages, null, null, options, null, sources).call()) {
      throw new IllegalStateException("fault \"" + fault + "\" does not compile: " + messages);
    }
    ClassLoader loader = new Loader(directory);
    return (Backend) loader.loadClass(SimpleBackend.class.getName()).getConstructor().newInstance();
  }

  private static String locationOf(Class<?> type) throws URISyntaxException {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    return Path.of(source.getLocation().toURI()).toString();
  }

  private static JavaFileObject source(Path file, Fault fault) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String name = file.getFileName().toString();
    if (fault != null && name.equals(fault.file() + ".java")) {
      for (Fault.Edit edit : fault.edits()) {
        text = edited(text, edit, fault);
      }
    }
    String edited = text;
    return new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreErrors) {
        return edited;
      }
    };
  }

  /** The formatter may break lines anywhere, so blanks in the fault stand for any white space. */
  private static String edited(String text, Fault.Edit edit, Fault fault) {
    StringBuilder pattern = new StringBuilder();
    for (String part : edit.right().strip().split("\\s+")) {
      pattern.append(pattern.isEmpty() ? "" : "\\s+").append(Pattern.quote(part));
    }
    Matcher matcher = Pattern.compile(pattern.toString()).matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("fault \"" + fault + "\": not in the source any more");
    }
    String edited = text.substring(0, matcher.start()) + edit.wrong();
    int end = matcher.end();
    if (matcher.find()) {
      throw new IllegalStateException("fault \"" + fault + "\": its place is not unique");
    }
    return edited + text.substring(end);
  }

  /** Finds the backend's classes in a directory, before those on the class path. */
  private static final class Loader extends ClassLoader {
    private final Path directory;

    Loader(Path directory) {
      super(Backend.class.getClassLoader());
      this.directory = directory;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        Path file = directory.resolve(name.replace('.', '/') + ".class");
        if (!Files.exists(file)) {
          return super.loadClass(name, resolve);
        }
        try {
          byte[] bytes = Files.readAllBytes(file);
          return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
    }
  }
}
