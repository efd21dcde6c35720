package org.pagewheel.shell.internal.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.acme.desk.Orders;
import com.sun.tools.attach.VirtualMachine;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.pagewheel.Buffers;
import org.pagewheel.probes.Probes;
import org.pagewheel.runtime.Administration;
import org.pagewheel.runtime.Pagewheel;
import org.pagewheel.shell.internal.Commands;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Lines;

/** Commands on running code, with an agent and without one. */
public class TracingCommandsTest {
  private static volatile Instrumentation given;

  /** Called by the JVM. */
  public static void agentmain(String options, Instrumentation instrumentation) {
    given = instrumentation;
  }

  private static Instrumentation attach() throws Exception {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Agent-Class", TracingCommandsTest.class.getName());
    attributes.putValue("Can-Retransform-Classes", "true");
    Path jar = Files.createTempFile("agent", ".jar");
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close(); // the class is on the class path
    }
    VirtualMachine jvm = VirtualMachine.attach(Long.toString(ProcessHandle.current().pid()));
    try {
      jvm.loadAgent(jar.toString());
    } finally {
      jvm.detach();
      Files.delete(jar);
    }
    return given;
  }

  /** The services of a process; probes are null where there is no agent. */
  private record Given(Pagewheel pagewheel, Probes tracing) implements Services {
    @Override
    public Buffers buffers() {
      return PlainErrors.of(Buffers.class, pagewheel.buffers());
    }

    @Override
    public Administration administration() {
      return pagewheel.administration();
    }

    @Override
    public Probes probes() throws CommandFailed {
      return tracing == null ? Services.super.probes() : PlainErrors.of(Probes.class, tracing);
    }

    Object run(String name, String... arguments) throws Exception {
      Command command =
          new Commands(this, null)
              .all().stream()
                  .filter(each -> each.scope().equals("ring") && each.name().equals(name))
                  .findFirst()
                  .orElseThrow();
      Object result = command.execute(null, List.of((Object[]) arguments));
      return result instanceof Lines lines ? List.copyOf(lines) : result;
    }

    String mistake(String name, String... arguments) {
      return assertThrows(Exception.class, () -> run(name, arguments)).toString();
    }
  }

  @Test
  void withoutAnAgentOneLineSaysSo() {
    try (Pagewheel pagewheel = Pagewheel.start(Map.of())) {
      assertEquals(
          "running code cannot be changed here: it takes the agent, java"
              + " -javaagent:pagewheel-agent.jar",
          new Given(pagewheel, null).mistake("probes"));
    }
  }

  @Test
  void aProbeAndAGraph() throws Exception {
    try (Pagewheel pagewheel = Pagewheel.start(Map.of());
        Probes probes = Probes.of(attach(), pagewheel.buffers())) {
      Given given = new Given(pagewheel, probes);
      Orders orders = new Orders();
      String probe = "com.acme.desk.Orders.place(id)";
      assertEquals(
          List.of("event probe:placed at 1 method of 1 class; classes to come are added"),
          given.run("probe", "main", probe, "if id > 7", "--return", "--as", "placed"));
      assertEquals(
          List.of(
              "function graph of com.acme.desk.** at 2 methods of 1 class;"
                  + " classes to come are added"),
          given.run("graph", "main", "com.acme.desk.**", "--depth", "3"));
      orders.place(8);
      orders.place(7);
      assertEquals(
          "[ProbeLine[event=probe:placed, buffer=main, pattern=com.acme.desk.Orders.place,"
              + " methods=1, classes=1, hits=2, cost=about 100 ns, state=on],"
              + " ProbeLine[event=function graph, buffer=main, pattern=com.acme.desk.**, methods=2,"
              + " classes=1, hits=2, cost=about 100 ns, state=on]]",
          given.run("probes").toString());
      assertEquals(5, pagewheel.buffers().get("main").counters().written());
      assertEquals(
          "probe:placed is no longer recorded, after 2 hits", given.run("unprobe", "placed"));
      assertEquals(
          "buffer main no longer records the calls of 2 methods", given.run("ungraph", "main"));
      assertEquals("buffer main has no graph", given.mistake("ungraph", "main"));
      assertEquals(
          "'a b' is no pattern of methods: com.acme.Orders.place, com.acme.* (the classes of a"
              + " package) or com.acme.** (and below) would be right",
          given.mistake("graph", "main", "a b"));
    }
  }
}
