package org.pagewheel.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Web applications, each with a jar of its own, unpacked as the server does it. */
class TomcatIT {
  @TempDir Path directory;

  @Test
  void twoApplicationsRecordAndAreCollected() throws Exception {
    String tomcat = onTheClassPath("tomcat");
    for (String application : List.of("one", "two")) {
      Path contents = directory.resolve(application).resolve("WEB-INF");
      Path library = Files.createDirectories(contents.resolve("lib"));
      String needed = Program.JAR + File.pathSeparator + tomcat;
      Program.compile(List.of("web"), contents.resolve("classes"), "-cp", needed);
      Files.copy(Program.JAR, library.resolve("pagewheel.jar"));
    }
    Path logging = Path.of("src", "test", "resources", "tomcat-logging.properties");
    String out =
        Program.java(
            directory,
            "-Djava.util.logging.config.file=" + logging.toAbsolutePath(),
            // The JDK keeps the last type of a comparison of records softly: until memory is short.
            "-XX:SoftRefLRUPolicyMSPerMB=0",
            "-cp",
            tomcat + File.pathSeparator + onTheClassPath("test-classes"),
            TwoShops.class.getName(),
            "one",
            "two");
    assertEquals("collected", out.strip());
    for (String name : List.of("one", "two")) {
      String report = Program.report(directory, name + ".dat");
      assertTrue(report.contains("opened:               application=/" + name), report);
    }
  }

  private static String onTheClassPath(String part) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.contains(part))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
