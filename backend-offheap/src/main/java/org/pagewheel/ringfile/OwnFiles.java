package org.pagewheel.ringfile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;

/**
 * The files that this process writes. Closing any channel to a file drops the process's lock on it
 * (so POSIX has it), hence nobody here may open such a file again.
 */
final class OwnFiles {
  /** For whom each is written. */
  private static final Map<Object, Object> OWNERS = new HashMap<>();

  private OwnFiles() {}

  private static Object key(Path path) throws IOException {
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    return key == null ? path.toRealPath() : key;
  }

  static synchronized Object add(Path path, Object owner) throws IOException {
    Object key = key(path);
    OWNERS.put(key, owner);
    return key;
  }

  static synchronized void remove(Object key) {
    OWNERS.remove(key);
  }

  static synchronized boolean contains(Path path) throws IOException {
    return OWNERS.containsKey(key(path));
  }

  /** Whether it is one of ours, for that very owner. */
  static synchronized boolean isOf(Object owner, Path path) throws IOException {
    return OWNERS.get(key(path)) == owner;
  }
}
