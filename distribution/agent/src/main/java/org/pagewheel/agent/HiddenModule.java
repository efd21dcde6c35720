package org.pagewheel.agent;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The content of {@code pagewheel/} in the agent's jar, as an open module. It reads the available
 * modules of the JDK, and uses and provides the services that {@code META-INF/services} lists.
 *
 * <p>Rejected: an automatic module. It also reads the application's modules, and cannot be resolved
 * if one of those has a package of one of our libraries.
 */
final class HiddenModule extends ModuleReference {
  static final String PREFIX = "pagewheel/";
  private static final String SERVICES = PREFIX + "META-INF/services/";
  private static final String CLASS = ".class";

  /** A service that is used, but that nothing in the jar provides. */
  private static final String LEFT_FILES = "org.pagewheel.ringfile.LeftFiles";

  /** Open as long as the JVM lives, like the jars of a class path. */
  private final JarFile jar;

  private HiddenModule(ModuleDescriptor descriptor, JarFile jar) {
    super(descriptor, URI.create("pagewheel:/" + descriptor.name()));
    this.jar = jar;
  }

  /** The loader of the module, whose only parent is the platform's. */
  static ClassLoader load(Path path, String name) throws IOException {
    JarFile jar = new JarFile(path.toFile());
    ModuleReference module = new HiddenModule(descriptor(jar, name), jar);
    Configuration configuration =
        ModuleLayer.boot().configuration().resolve(finder(module), ModuleFinder.of(), Set.of(name));
    return ModuleLayer.boot()
        .defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader())
        .findLoader(name);
  }

  private static ModuleFinder finder(ModuleReference module) {
    return new ModuleFinder() {
      @Override
      public Optional<ModuleReference> find(String name) {
        return Optional.of(module).filter(each -> each.descriptor().name().equals(name));
      }

      @Override
      public Set<ModuleReference> findAll() {
        return Set.of(module);
      }
    };
  }

  private static ModuleDescriptor descriptor(JarFile jar, String name) throws IOException {
    Set<String> packages = new HashSet<>();
    Map<String, List<String>> services = new TreeMap<>();
    for (ZipEntry entry : Collections.list(jar.entries())) {
      String path = entry.getName();
      int end = path.lastIndexOf('/');
      if (path.startsWith(SERVICES) && end == SERVICES.length() - 1 && !entry.isDirectory()) {
        services.put(path.substring(end + 1), providers(jar, entry));
      } else if (path.startsWith(PREFIX) && path.endsWith(CLASS) && end >= PREFIX.length()) {
        packages.add(path.substring(PREFIX.length(), end).replace('/', '.'));
      }
    }
    ModuleDescriptor.Builder builder = ModuleDescriptor.newOpenModule(name).packages(packages);
    for (Module each : ModuleLayer.boot().modules()) {
      if (each.getName().matches("(java|jdk)\\..*")) {
        builder.requires(each.getName());
      }
    }
    services.forEach(
        (service, providers) -> {
          builder.uses(service);
          if (!providers.isEmpty()) {
            builder.provides(service, providers);
          }
        });
    return builder.uses(LEFT_FILES).build();
  }

  private static List<String> providers(JarFile jar, ZipEntry entry) throws IOException {
    List<String> providers = new ArrayList<>();
    try (InputStream in = jar.getInputStream(entry)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      text.lines()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .forEach(providers::add);
    }
    return providers;
  }

  @Override
  public ModuleReader open() {
    return new ModuleReader() {
      @Override
      public Optional<URI> find(String name) {
        return Optional.ofNullable(jar.getEntry(PREFIX + name))
            .map(entry -> URI.create("jar:" + Path.of(jar.getName()).toUri() + "!/" + entry));
      }

      @Override
      public Optional<InputStream> open(String name) throws IOException {
        ZipEntry entry = jar.getEntry(PREFIX + name);
        return entry == null
            ? Optional.empty()
            : Optional.of(new ByteArrayInputStream(jar.getInputStream(entry).readAllBytes()));
      }

      @Override
      public Stream<String> list() {
        return jar.stream()
            .map(ZipEntry::getName)
            .filter(name -> name.startsWith(PREFIX) && name.length() > PREFIX.length())
            .map(name -> name.substring(PREFIX.length()));
      }

      @Override
      public void close() {
        // the jar stays open
      }
    };
  }
}
