package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Packages know each other in one direction, in each module. An arrow that closes a circle and is
 * to stay is listed here, with the reason; every other circle, and an arrow listed without need,
 * fails.
 */
class PackageCirclesIT {
  private static final Path TREE = Path.of("..", "..");
  private static final String OURS = "org/pagewheel/";

  /** In descriptors and signatures. */
  private static final Pattern TYPE = Pattern.compile("L(org/pagewheel/[\\w/$]+)[;<]");

  private static final Map<String, String> REASONS =
      Map.of(
          "org.pagewheel -> org.pagewheel.event",
          "a buffer has its event types and its readers give events, and a type records into a"
              + " buffer: applications import both names, and neither can move",
          "org.pagewheel.event -> org.pagewheel.event.internal",
          "the class with the promise and those that keep it",
          "org.pagewheel.spi -> org.pagewheel.event.internal",
          "marks and the switches of event types, which plugins are given, are made with it;"
              + " generated code, which is made there, writes by the SPI",
          "org.pagewheel.runtime -> org.pagewheel.runtime.internal",
          "Pagewheel.start is where applications come in; the rest of the package is values",
          "org.pagewheel.probes -> org.pagewheel.probes.internal",
          "Probes.of is where an agent comes in; the rest of the package is values");

  /** A module's packages and the others of the module that each knows. */
  private static Map<String, Set<String>> packages(Path classes) throws IOException {
    Map<String, Set<String>> known = new TreeMap<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        ClassModel model = ClassFile.of().parse(file);
        String name = model.thisClass().asInternalName();
        if (name.startsWith(OURS)) {
          Set<String> of = known.computeIfAbsent(packageOf(name), each -> new TreeSet<>());
          for (PoolEntry entry : model.constantPool()) {
            types(entry).forEach(type -> of.add(packageOf(type)));
          }
        }
      }
    }
    known.forEach(
        (name, others) -> {
          others.remove(name);
          others.retainAll(known.keySet());
        });
    return known;
  }

  private static List<String> types(PoolEntry entry) {
    List<String> types = new ArrayList<>();
    if (entry instanceof ClassEntry type && type.asInternalName().startsWith(OURS)) {
      types.add(type.asInternalName());
    } else if (entry instanceof Utf8Entry text) {
      Matcher type = TYPE.matcher(text.stringValue());
      while (type.find()) {
        types.add(type.group(1));
      }
    }
    return types;
  }

  private static String packageOf(String type) {
    return type.substring(0, type.lastIndexOf('/')).replace('/', '.');
  }

  /** Whether one knows another, directly or by others. */
  private static boolean knows(Map<String, Set<String>> known, String from, String to) {
    Set<String> seen = new TreeSet<>();
    ArrayDeque<String> next = new ArrayDeque<>(known.get(from));
    while (!next.isEmpty()) {
      String each = next.pop();
      if (each.equals(to)) {
        return true;
      }
      if (seen.add(each)) {
        next.addAll(known.get(each));
      }
    }
    return false;
  }

  /** The arrows that are part of a circle. */
  private static Set<String> circles(Map<String, Set<String>> known) {
    Set<String> arrows = new TreeSet<>();
    known.forEach(
        (from, others) -> {
          for (String to : others) {
            if (knows(known, to, from)) {
              arrows.add(from + " -> " + to);
            }
          }
        });
    return arrows;
  }

  private static List<Path> modules() throws IOException {
    try (Stream<Path> all = Files.walk(TREE, 4)) {
      return all.filter(path -> path.endsWith(Path.of("target", "classes")))
          .filter(Files::isDirectory)
          .toList();
    }
  }

  @Test
  void noPackagesKnowEachOther() throws IOException {
    List<Path> modules = modules();
    assertTrue(modules.size() >= 12, modules::toString);
    Set<String> unused = new TreeSet<>(REASONS.keySet());
    for (Path module : modules) {
      Map<String, Set<String>> known = packages(module);
      Set<String> before = circles(known);
      for (String arrow : REASONS.keySet()) {
        String[] ends = arrow.split(" -> ");
        if (before.contains(arrow) && known.get(ends[0]).remove(ends[1])) {
          unused.remove(arrow);
        }
      }
      assertEquals(Set.of(), circles(known), module::toString);
    }
    assertEquals(Set.of(), unused, "these arrows close no circle: take them off the list");
  }

  @Test
  void aCircleIsFound() {
    Map<String, Set<String>> known =
        Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("a", "d"), "d", Set.of());
    assertEquals(Set.of("a -> b", "b -> c", "c -> a"), circles(known));
  }
}
