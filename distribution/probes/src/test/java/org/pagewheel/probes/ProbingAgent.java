package org.pagewheel.probes;

import com.sun.tools.attach.VirtualMachine;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** An agent that is attached to the JVM of the tests, and says what it was given. */
public final class ProbingAgent {
  private static volatile Instrumentation given;

  private ProbingAgent() {}

  /** Called by the JVM. */
  public static void agentmain(String options, Instrumentation instrumentation) {
    given = instrumentation;
  }

  /** What a real agent of this JVM has. */
  public static synchronized Instrumentation instrumentation() throws Exception {
    if (given == null) {
      Manifest manifest = new Manifest();
      Attributes attributes = manifest.getMainAttributes();
      attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
      attributes.putValue("Agent-Class", ProbingAgent.class.getName());
      attributes.putValue("Can-Retransform-Classes", "true");
      attributes.putValue("Can-Redefine-Classes", "true");
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
    }
    return given;
  }
}
