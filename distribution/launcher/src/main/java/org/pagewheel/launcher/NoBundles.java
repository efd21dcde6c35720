package org.pagewheel.launcher;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;

/**
 * Reports the jars in the plugin directories that are not bundles: File Install ignores them
 * silently. A jar that comes later, or was written just before the start, is checked once it has
 * stayed unchanged from one look to the next, for it may still be being copied.
 */
final class NoBundles {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final String RIGHT = ": a plugin is an OSGi bundle, as bnd makes it";

  /** What distinguishes a file from an earlier one of the same name. */
  private record Stamp(long size, long modified) {}

  private final List<Path> directories;

  /** Each file at the last look. */
  private final Map<Path, Stamp> seen = new HashMap<>();

  /** Each file when its content was checked. */
  private final Map<Path, Stamp> checked = new HashMap<>();

  NoBundles(List<Path> directories) {
    this.directories = directories;
  }

  /** Reports the existing ones, and follows later ones. */
  static void watch(List<Path> directories) {
    var watched = new NoBundles(directories);
    watched.look(false);
    Thread.ofPlatform().daemon().name("watch plugins").start(watched::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        look(true);
      }
    } catch (InterruptedException e) {
      // it is to end
    }
  }

  void look(boolean settled) {
    Map<Path, Stamp> now = new HashMap<>();
    for (Path directory : directories) {
      try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*.jar")) {
        for (Path jar : jars) {
          lookSafely(jar, settled, now);
        }
      } catch (IOException | RuntimeException e) {
        // the directory has gone: the next look finds out
      }
    }
    seen.clear();
    seen.putAll(now);
    checked.keySet().retainAll(now.keySet());
  }

  /** A problem with one must not hide the others. */
  private void lookSafely(Path jar, boolean settled, Map<Path, Stamp> now) {
    try {
      look(jar, attributes(jar), settled, now);
    } catch (IOException | RuntimeException e) {
      // it has gone just now
    }
  }

  /**
   * The state of a link's target, as File Install follows links; of the link itself if it has none.
   */
  private static BasicFileAttributes attributes(Path jar) throws IOException {
    try {
      return Files.readAttributes(jar, BasicFileAttributes.class);
    } catch (IOException nothing) {
      return Files.readAttributes(jar, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private void look(Path jar, BasicFileAttributes file, boolean settled, Map<Path, Stamp> now) {
    Stamp stamp = new Stamp(file.size(), file.lastModifiedTime().toMillis());
    now.put(jar, stamp);
    boolean isNew = !stamp.equals(checked.get(jar));
    boolean isStill =
        stamp.equals(seen.get(jar))
            || !settled && stamp.modified() < System.currentTimeMillis() - INTERVAL.toMillis();
    if (isNew && isStill) {
      checked.put(jar, stamp);
      String wrong = wrong(jar, file);
      if (wrong != null) {
        Main.tellUnlessEnding("plugin %s %s%s".formatted(jar.getFileName(), wrong, RIGHT));
      }
    }
  }

  /** Why a file is not a bundle; null if it may be one. */
  private static String wrong(Path jar, BasicFileAttributes file) {
    if (file.isSymbolicLink()) {
      return "is a link that leads to no file";
    }
    if (file.isDirectory()) {
      return Files.exists(jar.resolve(JarFile.MANIFEST_NAME)) ? null : "is a directory";
    }
    if (!file.isRegularFile()) {
      return "is not a regular file";
    }
    return file.size() == 0 ? "is empty" : wrong(jar);
  }

  private static String wrong(Path jar) {
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      Manifest manifest = file.getManifest();
      return manifest == null
              || manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME) == null
          ? "has no " + Constants.BUNDLE_SYMBOLICNAME + " in its manifest"
          : null;
    } catch (IOException | RuntimeException e) {
      return Files.exists(jar) ? "cannot be read as a jar" : null;
    }
  }
}
