package org.pagewheel.shell.internal.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which words of a command line are the JVM's. */
class OtherJvmTest {
  private static List<String> options(String commandLine) {
    return OtherJvm.options(List.of(commandLine.split(" ")));
  }

  @Test
  void whatFollowsTheMainClassIsTheApplications() {
    String jvm = "java -Xmx1g -cp a.jar:b.jar";
    assertEquals(List.of(jvm.split(" ")), options(jvm + " app.App -XX:+DisableAttachMechanism"));
    assertEquals(List.of("java", "-Xmx1g"), options("java -Xmx1g -jar app.jar -XX:Some"));
    assertEquals(
        List.of("java", "-p", "mods", "--add-modules", "x"),
        options("java -p mods --add-modules x -m app/app.App -XX:Some"));
    assertEquals(List.of("java"), options("java"));
  }
}
