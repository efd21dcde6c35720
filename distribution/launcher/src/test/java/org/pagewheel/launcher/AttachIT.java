package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code pagewheel attach} and {@code pagewheel doctor PID}, on JVMs that know nothing of it. */
@Timeout(600)
class AttachIT {
  private static final String PROGRAM =
      """
      public class Waits {
        public static void main(String[] arguments) throws Exception {
          System.out.println("main");
          System.in.read();
        }
      }
      """;

  private final String pagewheel = Script.home().resolve("pagewheel").toString();
  private Path directory;
  private Script script;
  private Process process;

  /** Names of sockets are short: at most 107 bytes. */
  @BeforeEach
  void makeDirectory() throws IOException {
    directory = Files.createTempDirectory(Path.of("/tmp"), "pw").toRealPath();
    script =
        new Script(Files.createDirectory(directory.resolve("client")))
            .with("XDG_STATE_HOME", directory.resolve("state").toString());
  }

  @AfterEach
  void end() throws Exception {
    process.destroyForcibly().waitFor();
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  private void start(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    command.addAll(List.of(options));
    command.add(Files.writeString(directory.resolve("Waits.java"), PROGRAM).toString());
    var builder = new ProcessBuilder(command).redirectError(directory.resolve("err").toFile());
    builder.environment().remove("XDG_RUNTIME_DIR");
    builder.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
    process = builder.start();
    BufferedReader out = process.inputReader();
    assertEquals("main", out.readLine());
  }

  private String pid() {
    return Long.toString(process.pid());
  }

  @Test
  void aJvmThatRunsRecordsFromThenOn() throws Exception {
    start("-XX:+EnableDynamicAgentLoading");
    var attached = script.run(pagewheel, "attach", pid());
    attached.assertStatus(0);
    assertEquals(
        "process %s records: pagewheel ctl %s 'ring:list'\n".formatted(pid(), pid()),
        attached.out());
    script.run(pagewheel, "ctl", pid(), "ring:mark main 'from afar'").assertStatus(0);
    var again = script.run(pagewheel, "attach", pid());
    again.assertStatus(0);
    assertTrue(again.out().contains("records already"), again::toString);
    var ps = script.run(pagewheel, "ps");
    assertEquals(2, ps.out().lines().count(), ps::toString);
    assertEquals("", Files.readString(directory.resolve("err")));

    process.destroyForcibly().waitFor();
    String ring = directory.resolve("state/pagewheel/agent-" + pid() + "/main.ring").toString();
    script.run(pagewheel, "recover", ring, "-o", "out.dat").assertStatus(0);
    var report = script.run("trace-cmd", "report", "out.dat");
    assertTrue(report.out().contains("mark: from afar"), report::toString);
  }

  @Test
  void aConfigurationComesAlong() throws Exception {
    start("-XX:+EnableDynamicAgentLoading");
    Path file = directory.resolve("client/my.conf");
    Files.writeString(file, "pagewheel.buffers.audit { backend = heap }");
    script.run(pagewheel, "attach", pid(), "my.conf").assertStatus(0);
    var list = script.run(pagewheel, "ctl", pid(), "ring:list");
    assertTrue(list.out().contains("\naudit   heap"), list::toString);
  }

  @Test
  void whatTheJvmForbidsIsSaid() throws Exception {
    start("-XX:-EnableDynamicAgentLoading");
    var refused = script.run(pagewheel, "attach", pid());
    refused.assertStatus(1);
    refused.assertErrorLine(
        ("pagewheel: process %s cannot be attached to, agents later:"
                + " -XX:-EnableDynamicAgentLoading; start it without that, or with -javaagent")
            .formatted(pid()));
    var doctor = script.run(pagewheel, "doctor", pid());
    doctor.assertStatus(1);
    assertTrue(
        doctor.out().lines().anyMatch(l -> l.matches("agents later +fault +-XX:-Enable.*")),
        doctor::toString);
    doctor.assertErrorLine("pagewheel: there is something to do about: agents later");
  }

  @Test
  void anAttachMechanismThatIsOffIsSaid() throws Exception {
    start("-XX:+DisableAttachMechanism");
    var refused = script.run(pagewheel, "attach", pid());
    refused.assertStatus(1);
    assertTrue(refused.err().contains("-XX:+DisableAttachMechanism"), refused::toString);
  }

  @Test
  void whatIsNoJvmIsSaid() throws Exception {
    process = new ProcessBuilder("sleep", "600").start();
    TimeUnit.MILLISECONDS.sleep(100); // it begins as a copy of this JVM
    var refused = script.run(pagewheel, "attach", pid());
    refused.assertStatus(1);
    assertTrue(refused.err().contains("name the process of a JVM"), refused::toString);
    var none = script.run(pagewheel, "attach", "999999999");
    none.assertStatus(1);
    none.assertErrorLine("pagewheel: there is no process 999999999");
  }

  @Test
  void aJvmOfToday() throws Exception {
    start();
    var doctor = script.run(pagewheel, "doctor", pid());
    doctor.assertStatus(0);
    assertTrue(
        doctor.out().lines().anyMatch(l -> l.matches("agents later +note +allowed, with a .*")),
        doctor::toString);
  }
}
