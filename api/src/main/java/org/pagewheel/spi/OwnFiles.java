package org.pagewheel.spi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;

/**
 * The files that this process holds locked while it writes them, such as those of rings. Closing
 * any channel to a file drops the process's lock on it (so POSIX has it), hence no code here may
 * open such a file again, or replace it by another. Thread-safe.
 */
public final class OwnFiles {
  /** The owner of each. */
  private static final Map<Object, Object> OWNERS = new HashMap<>();

  private OwnFiles() {}

  private static Object key(Path path) throws IOException {
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    return key == null ? path.toRealPath() : key;
  }

  /**
   * Adds a file.
   *
   * @param path its name, which may change later
   * @param owner the object for which it is written
   * @return a key to remove it with, see {@link #remove}
   * @throws IOException if there is no such file
   */
  public static synchronized Object add(Path path, Object owner) throws IOException {
    Object key = key(path);
    OWNERS.put(key, owner);
    return key;
  }

  /**
   * Removes a file, before its lock ends.
   *
   * @param key as {@link #add} has returned it
   */
  public static synchronized void remove(Object key) {
    OWNERS.remove(key);
  }

  /**
   * Whether a file is in the set.
   *
   * @param path any name of it
   * @return whether it was added and not removed
   * @throws IOException if there is no such file
   */
  public static synchronized boolean contains(Path path) throws IOException {
    return OWNERS.containsKey(key(path));
  }

  /**
   * Whether a file is in the set for an owner.
   *
   * @param owner as it was added
   * @param path any name of it
   * @return whether it was added for that very object
   * @throws IOException if there is no such file
   */
  public static synchronized boolean isOf(Object owner, Path path) throws IOException {
    return OWNERS.get(key(path)) == owner;
  }
}
