package org.pagewheel.probes.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Joiner;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pagewheel.spi.WritableBuffer;

/** Code of every kind that there is: all methods of the JDK get calls, and stay sound. */
class SoundCodeTest {
  /** Into all methods. */
  private static final class Everywhere extends Insertion {
    Everywhere() {
      super(Integer.MAX_VALUE);
    }

    @Override
    boolean means(String className, boolean isOfJdk) {
      return true;
    }

    @Override
    boolean means(String className, MethodModel method) {
      return true;
    }

    @Override
    WritableBuffer buffer() {
      throw new IllegalStateException("its code is never run");
    }

    @Override
    long calls() {
      return 0;
    }

    @Override
    CodeTransform change(Target target, MethodModel method) {
      return CallCode.around(method, 70_000, 1_000_000);
    }
  }

  @Test
  void everyMethodOfTheJdkCanBeChanged() throws IOException {
    Insertion insertion = new Everywhere();
    Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
    List<Path> files;
    try (Stream<Path> all = Files.walk(modules.resolve("java.base"))) {
      files = all.filter(file -> file.toString().endsWith(".class")).toList();
    }
    for (Path file : files) {
      String name = modules.resolve("java.base").relativize(file).toString();
      String className = name.replace('/', '.').replace(".class", "");
      insertion.apply(new Insertion.Target(className, null, null), Files.readAllBytes(file));
    }
    assertTrue(insertion.methods() > 40_000, insertion.methods() + " methods were changed");
    assertEquals(
        List.of(
            "left alone: 1 methods that cannot be changed: a constructor that calls no other"
                + " (java.lang.Object.<init>)"),
        insertion.left().lines().stream()
            .filter(line -> !line.matches(".* (native|abstract|longer than) .*"))
            .toList());
  }

  /** Loads a library of its own, with calls in all methods. */
  private static final class Changing extends ClassLoader {
    private static final String LIBRARY = "com.google.common.";

    private final Insertion insertion = new Everywhere();

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(LIBRARY)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known == null ? define(name) : known;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        byte[] changed = insertion.apply(new Insertion.Target(name, this, null), bytes);
        byte[] defined = changed == null ? bytes : changed;
        return defineClass(name, defined, 0, defined.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void theJvmFindsItSound() throws Exception {
    URL one = Joiner.class.getResource("Joiner.class");
    Path jar = Path.of(URI.create(one.getPath().substring(0, one.getPath().indexOf('!'))));
    Changing loader = new Changing();
    int linked = 0;
    try (FileSystem files = FileSystems.newFileSystem(jar);
        Stream<Path> all = Files.walk(files.getPath("/com/google/common"))) {
      for (Path file : all.filter(each -> each.toString().endsWith(".class")).toList()) {
        String name = file.toString().substring(1).replace('/', '.').replace(".class", "");
        loader.loadClass(name).getDeclaredMethods(); // links it, and so has it verified
        linked++;
      }
    }
    assertTrue(linked > 1_000, linked + " classes");
    assertTrue(loader.insertion.methods() > 10_000, loader.insertion.methods() + " methods");
  }
}
