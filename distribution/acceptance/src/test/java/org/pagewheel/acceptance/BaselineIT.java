package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aQute.bnd.differ.Baseline;
import aQute.bnd.differ.Baseline.Info;
import aQute.bnd.differ.DiffPluginImpl;
import aQute.bnd.osgi.Instructions;
import aQute.bnd.osgi.Jar;
import aQute.bnd.osgi.Processor;
import aQute.bnd.service.diff.Delta;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No package changes more since the last release than its version says. That release is kept as
 * jars without code, see {@link CutBaseline}: no registry has it, and a fresh clone without a
 * network compares as well.
 */
class BaselineIT {
  private static final String EXAMPLE = "pagewheel-api.jar";

  @TempDir Path directory;

  @Test
  void eachPackageChangesAsMuchAsItsVersion() throws Exception {
    Set<String> kept;
    try (Stream<Path> files = Files.list(CutBaseline.DIRECTORY)) {
      kept = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
    List<String> wrong = new ArrayList<>();
    Set<String> compared = new TreeSet<>();
    for (String part : PublishedJars.all()) {
      Path jar = PublishedJars.of(part);
      String name = PublishedJars.name(jar) + ".jar";
      if (kept.contains(name)) {
        compared.add(name);
        wrong.addAll(compare(jar, CutBaseline.DIRECTORY.resolve(name)));
      }
    }
    assertEquals(new TreeSet<>(kept), compared);
    assertEquals(List.of(), wrong);
  }

  /** One line for each package whose version is too low. */
  private static List<String> compare(Path newer, Path older) throws Exception {
    try (Processor processor = new Processor();
        Jar now = new Jar(newer.toFile());
        Jar then = new Jar(older.toFile())) {
      Set<Info> packages =
          new Baseline(processor, new DiffPluginImpl()).baseline(now, then, new Instructions("*"));
      return packages.stream()
          .filter(info -> info.mismatch || info.packageDiff.getDelta() == Delta.REMOVED)
          .filter(info -> info.packageDiff.getDelta() != Delta.MICRO) // code, which is not kept
          .map(
              info ->
                  "%s: %s since %s needs version %s in package-info.java, it has %s"
                      .formatted(
                          info.packageName,
                          info.packageDiff.getDelta(),
                          info.olderVersion,
                          info.suggestedVersion,
                          info.newerVersion))
          .toList();
    }
  }

  @Test
  void whatIsCutIsWhatWasBuilt() throws Exception {
    Path api = PublishedJars.of("api");
    Path cut = directory.resolve(EXAMPLE);
    CutBaseline.cut(api, cut, "0.9.0", name -> true);
    assertEquals(List.of(), compare(api, cut));
    assertEquals(List.of(), compare(cut, api));
  }

  @Test
  void aChangeWithoutAVersionIsRefused() throws Exception {
    Path api = PublishedJars.of("api");
    Path without = directory.resolve(EXAMPLE);
    CutBaseline.cut(api, without, "0.9.0", name -> !name.equals("getNames"));
    List<String> removed = compare(without, api);
    assertEquals(1, removed.size(), removed::toString);
    assertTrue(
        removed.getFirst().matches("org.pagewheel.event: MAJOR since 1.* needs version 2.0.0 .*"));
    List<String> added = compare(api, without);
    assertEquals(1, added.size(), added::toString);
    assertTrue(
        added.getFirst().matches("org.pagewheel.event: M.* needs version .*"), added::toString);
  }
}
