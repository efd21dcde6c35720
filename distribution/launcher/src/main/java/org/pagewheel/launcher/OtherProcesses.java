package org.pagewheel.launcher;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands that work on other processes. They need the shell's classes but none of its services: no
 * container is started for them, and nothing records.
 */
final class OtherProcesses {
  private static final String SHELL = "org.pagewheel.shell.internal.PlainShell";

  private OtherProcesses() {}

  /** Runs a command and returns the exit status. */
  static int run(Path home, List<String> words) throws IOException, ReflectiveOperationException {
    List<URL> jars = new ArrayList<>();
    for (Path jar : Home.bundles(home)) {
      jars.add(url(jar));
    }
    ClassLoader ours = OtherProcesses.class.getClassLoader();
    try (var loader = new URLClassLoader("shell", jars.toArray(URL[]::new), ours)) {
      return (int) loader.loadClass(SHELL).getMethod("run", List.class).invoke(null, words);
    } catch (InvocationTargetException e) {
      return Main.fail(Main.FAILED, e.getCause());
    }
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toUri().toURL();
  }
}
