package org.pagewheel.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.AccessFlags;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.DebugElementsOption;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.Attributes.Name;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps what a release promises: of each published jar the packages that it exports, without code
 * and private members. The next ones are compared with it, see {@link BaselineIT}. After a build,
 * at the root of the tree, where X.Y.Z is the release's version:
 *
 * <pre>java distribution/acceptance/src/test/java/org/pagewheel/acceptance/CutBaseline.java X.Y.Z
 * </pre>
 */
final class CutBaseline {
  static final Path DIRECTORY =
      PublishedJars.ROOT.resolve("distribution/acceptance/src/test/resources/baseline");

  private static final String EXPORTS = "Export-Package";
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

  private CutBaseline() {}

  /**
   * Replaces the baseline that is there.
   *
   * @param arguments the version of what is built
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1 || !arguments[0].matches("\\d+\\.\\d+\\.\\d+")) {
      System.err.println("one argument is right, the version of the release: 0.9.0");
      System.exit(2);
    }
    for (String part : PublishedJars.all()) {
      Path jar = PublishedJars.of(part);
      if (exports(jar)) {
        Path stub = DIRECTORY.resolve(PublishedJars.name(jar) + ".jar");
        cut(jar, stub, arguments[0], member -> true);
        System.out.println(PublishedJars.ROOT.relativize(stub) + " " + Files.size(stub));
      }
    }
  }

  static boolean exports(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getManifest().getMainAttributes().getValue(EXPORTS) != null;
    }
  }

  /**
   * Makes a jar of what another promises.
   *
   * @param kept which methods, by name, of those that are not private
   */
  static void cut(Path from, Path to, String version, Predicate<String> kept) throws IOException {
    Files.createDirectories(to.getParent());
    try (JarFile jar = new JarFile(from.toFile());
        OutputStream file = Files.newOutputStream(to);
        JarOutputStream out = new JarOutputStream(file)) {
      Attributes all = jar.getManifest().getMainAttributes();
      Manifest manifest = new Manifest();
      manifest.getMainAttributes().put(Name.MANIFEST_VERSION, "1.0");
      for (String key : List.of("Bundle-ManifestVersion", "Bundle-SymbolicName", EXPORTS)) {
        manifest.getMainAttributes().putValue(key, all.getValue(key));
      }
      manifest.getMainAttributes().putValue("Bundle-Version", version);
      put(out, JarFile.MANIFEST_NAME);
      manifest.write(out);
      Set<String> directories = directories(all.getValue(EXPORTS));
      Map<String, ClassModel> classes = new TreeMap<>();
      for (JarEntry entry : jar.stream().filter(each -> isClass(each.getName())).toList()) {
        String name = entry.getName();
        if (directories.contains(name.substring(0, name.lastIndexOf('/') + 1))) {
          try (InputStream in = jar.getInputStream(entry)) {
            classes.put(name, ClassFile.of().parse(in.readAllBytes()));
          }
        }
      }
      Set<String> visible = new TreeSet<>();
      classes.forEach(
          (name, model) -> {
            if (model.flags().has(AccessFlag.PUBLIC)) {
              addWithParents(name, classes, visible);
            }
          });
      for (String name : visible) {
        put(out, name);
        out.write(stub(classes.get(name), kept));
      }
    }
  }

  private static boolean isClass(String name) {
    return name.endsWith(".class") && !name.matches(".*\\$\\d+\\.class"); // no anonymous ones
  }

  /** A class inherits from those of its package that nobody else sees. */
  private static void addWithParents(
      String name, Map<String, ClassModel> classes, Set<String> visible) {
    ClassModel model = classes.get(name);
    if (model != null && visible.add(name)) {
      Stream.concat(model.superclass().stream(), model.interfaces().stream())
          .forEach(parent -> addWithParents(parent.asInternalName() + ".class", classes, visible));
    }
  }

  /** Two cuts of one build are the same bytes. */
  private static void put(JarOutputStream out, String name) throws IOException {
    JarEntry entry = new JarEntry(name);
    entry.setTimeLocal(TIME);
    out.putNextEntry(entry);
  }

  /** Values of attributes and directives hold commas and dots, too, in quotes. */
  private static Set<String> directories(String exports) {
    String names = exports.replaceAll("\"[^\"]*\"", "").replaceAll(";[^,]*", "");
    return Set.of(names.split(",")).stream()
        .map(name -> name.replace('.', '/') + "/")
        .collect(Collectors.toSet());
  }

  private static byte[] stub(ClassModel model, Predicate<String> kept) {
    ClassTransform withoutCode =
        ClassTransform.transformingMethods(MethodTransform.dropping(CodeModel.class::isInstance));
    return ClassFile.of(DebugElementsOption.DROP_DEBUG)
        .transformClass(
            model,
            ClassTransform.dropping(
                    element ->
                        switch (element) {
                          case MethodModel method ->
                              isHidden(method.flags())
                                  || !kept.test(method.methodName().stringValue());
                          case FieldModel field -> isHidden(field.flags());
                          case SourceFileAttribute file -> true;
                          default -> false;
                        })
                .andThen(withoutCode));
  }

  private static boolean isHidden(AccessFlags flags) {
    return !flags.has(AccessFlag.PUBLIC) && !flags.has(AccessFlag.PROTECTED);
  }
}
