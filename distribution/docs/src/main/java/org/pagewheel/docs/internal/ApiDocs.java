package org.pagewheel.docs.internal;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Javadoc of the packages that leave their bundles. */
final class ApiDocs {
  static final String DIRECTORY = "javadoc";

  private static final Path SOURCES = Path.of("src", "main", "java");

  private ApiDocs() {}

  /** Does nothing where there is no such package. */
  static void write(Path tree, Path target) throws IOException {
    List<String> packages = new ArrayList<>();
    List<String> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.walk(tree, 2)) {
      for (Path source : modules.map(module -> module.resolve(SOURCES)).sorted().toList()) {
        List<String> exported = Files.isDirectory(source) ? exported(source) : List.of();
        if (!exported.isEmpty()) {
          packages.addAll(exported);
          sources.add(source.toString());
        }
      }
    }
    if (packages.isEmpty()) {
      return;
    }
    List<String> command = new ArrayList<>(List.of("-quiet", "-Xdoclint:none", "-notimestamp"));
    command.addAll(List.of("-encoding", "UTF-8", "-windowtitle", "Pagewheel"));
    command.addAll(List.of("-doctitle", "Pagewheel", "-d", target.toString()));
    command.addAll(List.of("-classpath", System.getProperty("java.class.path")));
    command.addAll(List.of("-sourcepath", String.join(File.pathSeparator, sources)));
    command.addAll(packages);
    run(command);
  }

  private static List<String> exported(Path source) throws IOException {
    List<String> exported = new ArrayList<>();
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(path -> path.endsWith("package-info.java")).sorted().toList()) {
        if (Files.readString(file).contains("@Export")) {
          exported.add(source.relativize(file.getParent()).toString().replace('/', '.'));
        }
      }
    }
    return exported;
  }

  private static void run(List<String> command) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintWriter out = new PrintWriter(bytes, false, StandardCharsets.UTF_8);
    ToolProvider tool = ToolProvider.findFirst("javadoc").orElseThrow();
    int status = tool.run(out, out, command.toArray(String[]::new));
    out.flush();
    if (status != 0) {
      throw new IOException("Javadoc failed: " + bytes.toString(StandardCharsets.UTF_8));
    }
  }
}
