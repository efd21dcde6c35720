package org.pagewheel.probes;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Defines the classes of {@code com.acme.shop} itself, as a deployed application's loader does. */
final class OwnLoader extends ClassLoader {
  private static final String PREFIX = "com.acme.shop.";

  private final Set<String> missing;
  private final Map<String, byte[]> more = new HashMap<>();

  /** Without some of them, by their simple names. */
  OwnLoader(String... missing) {
    this.missing = Set.of(missing);
  }

  /** A class of other bytes. */
  OwnLoader with(String simpleName, byte[] bytes) {
    more.put(PREFIX + simpleName, bytes);
    return this;
  }

  /** One of its classes. */
  Class<?> shop(String simpleName) throws ClassNotFoundException {
    return loadClass(PREFIX + simpleName);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(PREFIX)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known == null ? define(name) : known;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    if (missing.contains(name.substring(PREFIX.length()))) {
      throw new ClassNotFoundException(name);
    }
    byte[] bytes = more.get(name);
    if (bytes != null) {
      return defineClass(name, bytes, 0, bytes.length);
    }
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
