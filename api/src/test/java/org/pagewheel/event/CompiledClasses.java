package org.pagewheel.event;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

/** Classes that a test compiles, to load them as a bundle or a module of its own. */
record CompiledClasses(Path directory) {

  /**
   * Compiles sources.
   *
   * @param files pairs of file name and content
   */
  static CompiledClasses of(Path directory, String... files)
      throws IOException, URISyntaxException {
    Path library =
        Path.of(EventType.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-d", directory.resolve("classes").toString()));
    arguments.addAll(List.of("-cp", library.toString()));
    for (int i = 0; i < files.length; i += 2) {
      Path source = directory.resolve(files[i]);
      Files.createDirectories(source.getParent());
      arguments.add(Files.writeString(source, files[i + 1]).toString());
      if (files[i].equals("module-info.java")) {
        arguments.addAll(List.of("--add-reads", "org.example.shop=ALL-UNNAMED"));
      }
    }
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    if (status != 0) {
      throw new AssertionError("the sources do not compile");
    }
    return new CompiledClasses(directory.resolve("classes"));
  }

  /** A new class loader that sees what the parent sees. */
  URLClassLoader loader(ClassLoader parent) throws MalformedURLException {
    return new URLClassLoader(new URL[] {directory.toUri().toURL()}, parent);
  }
}
