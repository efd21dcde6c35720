package org.pagewheel.ringfile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/**
 * The files that this process writes. Closing any channel to a file drops the process's lock on it
 * (so POSIX has it), hence nobody here may open such a file again.
 */
final class OwnFiles {
  private static final Set<Object> KEYS = new HashSet<>();

  private OwnFiles() {}

  private static Object key(Path path) throws IOException {
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    return key == null ? path.toRealPath() : key;
  }

  static synchronized Object add(Path path) throws IOException {
    Object key = key(path);
    KEYS.add(key);
    return key;
  }

  static synchronized void remove(Object key) {
    KEYS.remove(key);
  }

  static synchronized boolean contains(Path path) throws IOException {
    return KEYS.contains(key(path));
  }
}
