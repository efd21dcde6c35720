package org.pagewheel.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.shell.internal.control.Recorders;
import org.springframework.boot.loader.tools.Library;
import org.springframework.boot.loader.tools.LibraryScope;
import org.springframework.boot.loader.tools.Repackager;

/** The agent in applications of each kind, each in a JVM of its own. */
class AgentIT {
  private static final String AGENT = Application.javaagent();

  private Path directory;

  /** Names of sockets are short: at most 107 bytes. */
  @BeforeEach
  void makeDirectory() throws IOException {
    directory = Files.createTempDirectory(Path.of("/tmp"), "pw").toRealPath();
  }

  @AfterEach
  void removeDirectory() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  private String plain() throws IOException {
    return Application.compile(directory, "", "plain").toString();
  }

  private static void assertRecords(Application application) throws Exception {
    application.awaitSocket();
    application.ctl("ring:mark main 'seen from outside'");
    String events = application.ctl("ring:cat main");
    assertTrue(events.contains("mark: seen from outside"), events);
    assertTrue(application.ctl("ring:list").contains("main    offheap"), events);
    assertTrue(Files.isRegularFile(application.ring()));
  }

  @Test
  void aPlainClassPath() throws Exception {
    try (Application application = Application.start(directory, AGENT, "-cp", plain(), "app.App")) {
      assertRecords(application);
      assertEquals("looked", application.ask(), "it sees nothing of the recorder");
      assertTrue(Recorders.isOne(application.pid()), "its environment is another, and it is found");
      assertEquals(List.of("end"), application.end());
      assertEquals("", application.errors());
      assertEquals(List.of(), application.sockets());
    }
  }

  @Test
  void aKillLosesNothing() throws Exception {
    try (Application application = Application.start(directory, AGENT, "-cp", plain(), "app.App")) {
      application.awaitSocket();
      for (int i = 0; i < 3; i++) {
        application.ctl("ring:mark main 'mark number " + i + "'");
      }
      application.kill();
      application.command("recover", application.ring().toString(), "-o", "out.dat");
      String report = application.run("trace-cmd", "report", "out.dat");
      for (int i = 0; i < 3; i++) {
        assertTrue(report.contains("mark: mark number " + i), report);
      }
      assertTrue(application.command("ps").startsWith("no process"));
    }
  }

  /** Asked for while it runs; the ring of the killed process has the methods' names. */
  @Test
  void aGraphAndAProbeOfAnUnchangedApplication() throws Exception {
    String classes = Application.compile(directory, "", "called").toString();
    try (Application application =
        Application.start(directory, AGENT, "-cp", classes, "app.Shop")) {
      application.awaitSocket();
      assertEquals("placed at 101", application.ask());
      application.ctl("ring:graph main 'app.Shop.*'");
      assertEquals("placed at 201", application.ask());
      application.ctl(
          "ring:ungraph main; ring:probe main 'app.Shop.place(arg0)' --as placed --return");
      assertEquals("placed at 301", application.ask());
      application.ctl("ring:unprobe placed");
      assertEquals("placed at 401", application.ask());
      assertTrue(application.ctl("ring:probes").startsWith("no probes"));
      assertEquals("", application.errors());
      application.kill();
      application.command("recover", application.ring().toString(), "-o", "out.dat");
      String report = application.run("trace-cmd", "report", "out.dat");
      assertEquals(
          1, Pattern.compile("\\|  app.Shop.place\\(").matcher(report).results().count(), report);
      assertEquals(
          1,
          Pattern.compile("\\|    app.Shop.price\\(\\);").matcher(report).results().count(),
          report);
      assertTrue(Pattern.compile("placed: .*arg0=3 .*result=301").matcher(report).find(), report);
    }
  }

  /**
   * Who asks java.util.logging for a logger first chooses its manager, which is not the agent's.
   */
  @Test
  void theLogIsTheApplications() throws Exception {
    String classes = Application.compile(directory, "", "logs").toString();
    try (Application application =
        Application.start(directory, AGENT, "-cp", classes, "app.Logs")) {
      application.awaitSocket();
      assertEquals("app.Logs$Manager", application.ask(), application::errors);
      assertEquals("", application.errors());
    }
  }

  /** Without a word to the running application: what it is asked for stands on its command line. */
  @Test
  void commandsOfTheConfigurationRunAtTheStart() throws Exception {
    String classes = Application.compile(directory, "", "called").toString();
    String commands = "-Dpagewheel.agent.commands=ring:graph main 'app.Shop.*'; ring:lst";
    try (Application application =
        Application.start(directory, commands, AGENT, "-cp", classes, "app.Shop")) {
      application.awaitSocket();
      assertEquals("placed at 101", application.ask());
      assertTrue(application.ctl("ring:cat main").contains("app.Shop.place"));
      String wrong = "pagewheel: pagewheel.agent.commands: there is no command ring:lst";
      assertTrue(application.errors().startsWith(wrong), application.errors());
      assertEquals(1, application.errors().lines().count());
      assertEquals(List.of("end"), application.end());
    }
  }

  /** What the command line denies to the application stays denied; the agent's module has it. */
  @Test
  void nativeAccessIsTheAgentsAlone() throws Exception {
    String deny = "--illegal-native-access=deny";
    try (Application application =
        Application.start(directory, deny, AGENT, "-cp", plain(), "app.App")) {
      assertRecords(application);
      application.end();
      assertEquals("", application.errors());
    }
  }

  @Test
  void aNamedModule() throws Exception {
    String modules = Application.compile(directory, "", "named", "plain").toString();
    try (Application application =
        Application.start(
            directory, AGENT, "--add-modules", "jdk.net", "-p", modules, "-m", "app/app.App")) {
      assertRecords(application);
      assertEquals("looked", application.ask());
      application.end();
      assertEquals("", application.errors());
    }
  }

  /** The recorder's libraries are its own, whatever modules the application has. */
  @Test
  void aNamedModuleWithLibrariesThatTheRecorderHasToo() throws Exception {
    String libraries =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(jar -> jar.matches(".*/(guava|failureaccess|guice|config)-[0-9][^/]*\\.jar"))
            .reduce((a, b) -> a + File.pathSeparator + b)
            .orElseThrow();
    assertTrue(libraries.contains("guava-"), libraries);
    String modules = Application.compile(directory, "", "named", "plain").toString();
    try (Application application =
        Application.start(
            directory,
            AGENT,
            "--add-modules",
            "jdk.net,com.google.common",
            "-p",
            modules + File.pathSeparator + libraries,
            "-m",
            "app/app.App")) {
      assertRecords(application);
      assertEquals("sees com.google.common.base.Strings", application.ask(), "its own");
      application.end();
      assertEquals("", application.errors());
    }
  }

  /** It records; what the socket lacks is one line. */
  @Test
  void aNamedModuleWithoutTheModuleOfTheSocket() throws Exception {
    String modules = Application.compile(directory, "", "named", "plain").toString();
    try (Application application =
        Application.start(directory, AGENT, "-p", modules, "-m", "app/app.App")) {
      while (!application.errors().contains("--add-modules jdk.net")) {
        Thread.sleep(20);
      }
      assertTrue(Files.isRegularFile(application.ring()));
      application.end();
    }
  }

  @Test
  void aFatJarOfSpringBoot() throws Exception {
    Path thin = directory.resolve("thin.jar");
    Path fat = directory.resolve("fat.jar");
    Application.tool("jar", "-c", "-f", thin.toString(), "-C", plain(), ".");
    var library = new Library(Application.AGENT.toFile(), LibraryScope.COMPILE); // any jar
    var repackager = new Repackager(thin.toFile());
    repackager.setMainClass("app.App");
    repackager.repackage(fat.toFile(), libraries -> libraries.library(library));
    try (JarFile whole = new JarFile(fat.toFile())) {
      assertTrue(whole.stream().anyMatch(entry -> entry.getName().startsWith("BOOT-INF/lib/")));
    }
    try (Application application = Application.start(directory, AGENT, "-jar", fat.toString())) {
      assertRecords(application);
      assertEquals("looked", application.ask());
      application.end();
      assertEquals("", application.errors());
    }
  }

  @Test
  void besideAnotherAgent() throws Exception {
    Path classes = Application.compile(directory, "", "other");
    Path manifest = directory.resolve("manifest");
    Files.writeString(manifest, "Premain-Class: other.Other\nCan-Retransform-Classes: true\n");
    Path other = directory.resolve("other.jar");
    Application.tool(
        "jar", "-c", "-f", other.toString(), "-m", manifest.toString(), "-C", classes + "", ".");
    String first = "-javaagent:" + other;
    for (List<String> agents : List.of(List.of(first, AGENT), List.of(AGENT, first))) {
      List<String> arguments = new ArrayList<>(agents);
      arguments.addAll(List.of("-cp", plain(), "app.App"));
      try (Application application =
          Application.start(directory, arguments.toArray(String[]::new))) {
        assertRecords(application);
        assertEquals("looked", application.ask());
        assertEquals(List.of("end", "seen true"), application.end());
        assertEquals("", application.errors());
      }
    }
  }

  @Test
  void tomcat() throws Exception {
    String tomcat =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(jar -> jar.contains("tomcat") || jar.contains("jakarta.annotation"))
            .reduce((a, b) -> a + File.pathSeparator + b)
            .orElseThrow();
    Path classes = Application.compile(directory, tomcat, "web");
    String all = classes + File.pathSeparator + tomcat;
    try (Application application = Application.start(directory, AGENT, "-cp", all, "web.Web")) {
      assertRecords(application);
      assertEquals("hello", application.ask());
      application.end();
      assertTrue(!application.errors().contains("pagewheel"), application::errors);
    }
  }

  @Test
  void twiceIsOnce() throws Exception {
    Path copy = Files.copy(Application.AGENT, directory.resolve("copy.jar"));
    try (Application application =
        Application.start(
            directory, AGENT, AGENT, "-javaagent:" + copy, "-cp", plain(), "app.App")) {
      assertRecords(application);
      assertEquals(1, application.sockets().size());
      application.end();
      assertEquals("", application.errors());
    }
  }

  @Test
  void aConfiguration() throws Exception {
    Path file = directory.resolve("my.conf");
    Files.writeString(file, "pagewheel.buffers { main { backend = heap }, audit {} }");
    try (Application application =
        Application.start(directory, AGENT + "=" + file, "-cp", plain(), "app.App")) {
      String list = application.awaitSocket().ctl("ring:list");
      assertTrue(list.contains("\nmain    heap"), list);
      assertTrue(list.contains("\naudit "), list);
      application.end();
    }
  }

  /** The application goes on without a recorder. */
  @Test
  void aWrongConfigurationIsALine() throws Exception {
    Path file = directory.resolve("my.conf");
    Files.writeString(file, "pagewheel.buffers.main.pgaes = 7");
    try (Application application =
        Application.start(directory, AGENT + "=" + file, "-cp", plain(), "app.App")) {
      while (!application.errors().endsWith("\n")) {
        Thread.sleep(20);
      }
      assertEquals("looked", application.ask());
      assertEquals(List.of("end"), application.end());
      String errors = application.errors();
      assertTrue(errors.startsWith("pagewheel: the agent records nothing: " + file), errors);
      assertEquals(1, errors.lines().count(), errors);
    }
  }

  /** At the root of the jar lies the entrance alone. */
  @Test
  void theJarShowsItsEntranceAlone() throws IOException {
    try (JarFile jar = new JarFile(Application.AGENT.toFile())) {
      List<String> shown =
          jar.stream()
              .map(entry -> entry.getName())
              .filter(name -> !name.startsWith("pagewheel/") && !name.startsWith("META-INF/"))
              .toList();
      assertTrue(
          shown.stream().allMatch(name -> name.matches("org/pagewheel/agent/[A-Za-z$0-9-]+.class")),
          shown::toString);
    }
  }
}
